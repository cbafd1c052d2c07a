import type { DeviceInfo } from '../../device/info';
import type { Precision } from '../../worker/api';

/** How the teacher's weights are to lie on a device: as wanted, where it can. */
export function precisionOn({ hasFloat16, isSoftware }: DeviceInfo, wanted?: Precision): Precision {
  // A graphics processor reads a frozen tower's weights faster where they are half as large.
  const best = isSoftware ? 'float32' : 'float16';
  return hasFloat16 ? (wanted ?? best) : 'float32';
}
