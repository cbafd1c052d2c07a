import type { DeviceInfo } from '../../device/info';
import type { ModelDescription, ModelSizes, Precision, Role } from '../../worker/api';
import { bytes } from '../format';

/** WebAssembly's addresses have 32 bits. */
const WASM_BYTES = 2 ** 32;

/** What training changes is in memory four times: weights, gradients, and AdamW's two moments. */
const TRAINED_COPIES = 4;

/** Bytes of the image tower's weights on the device. The text tower is there only while it reads the texts. */
export const deviceBytes = ({ imageParameters }: ModelSizes, role: Role, precision: Precision): number =>
  imageParameters * (role === 'teacher' && precision !== 'float32' ? 2 : 4);

/** Floating-point operations: 8_820_000_000 → '8.8 GFLOP'. */
export function flop(n: number): string {
  const [value, unit] = n >= 1e8 ? [n / 1e9, 'GFLOP'] : [n / 1e6, 'MFLOP'];
  return `${value.toFixed(value < 1 ? 2 : value < 100 ? 1 : 0)} ${unit}`;
}

/** 'The student is 18 % of the teacher’s size and 4 % of its work.' */
export const ratio = (student: ModelSizes, teacher: ModelSizes): string =>
  `The student is ${share(student.imageParameters / teacher.imageParameters)} the teacher’s size ` +
  `and ${share(student.flop / teacher.flop)} its work.`;

function share(ratio: number): string {
  if (ratio >= 2) return `${ratio < 10 ? ratio.toFixed(1) : Math.round(ratio)} times`;
  const percent = 100 * ratio;
  return `${percent < 0.95 ? percent.toPrecision(1) : Math.round(percent)} % of`;
}

interface Fit {
  fits: boolean;
  sentence: string;
}

/** Whether a model can be used on this device, in a sentence; undefined where its sizes are not known. */
export function fit(
  { sizes, largestBuffer }: Pick<ModelDescription, 'sizes' | 'largestBuffer'>,
  role: Role,
  { backend }: Pick<DeviceInfo, 'backend'>,
  precision: Precision,
): Fit | undefined {
  if (!sizes) return undefined;
  const weights = deviceBytes(sizes, role, precision);
  const each =
    role === 'teacher' && precision !== 'float32'
      ? '2 bytes a parameter in float16'
      : '4 bytes a parameter in float32';
  const trained = TRAINED_COPIES * weights;
  const takes =
    role === 'teacher'
      ? `Its image tower takes ${bytes(weights)} on the device, ${each}`
      : `Its image tower takes ${bytes(weights)} on the device, ${bytes(trained)} while all of it is trained`;
  if (backend === 'wasm') {
    const fits = (role === 'teacher' ? weights : trained) < WASM_BYTES;
    return { fits, sentence: `${takes}; WebAssembly has ${bytes(WASM_BYTES)} for everything.` };
  }
  const inOneBuffer = 4 * sizes.largestTensor;
  const fits = inOneBuffer <= largestBuffer;
  return {
    fits,
    sentence: fits
      ? `${takes}. It fits the limits of this device.`
      : `Too large: one of its tensors takes ${bytes(inOneBuffer)}, and this device allows ${bytes(largestBuffer)} in one buffer.`,
  };
}

/** '609 MB to download', and what of it is there already. */
export function toDownload({ remote }: ModelDescription): string {
  if (!remote) return 'This address does not tell how much there is to download.';
  const missing = remote.bytes - remote.storedBytes;
  if (missing <= 0) return `All of its ${bytes(remote.bytes)} are stored already.`;
  const before = remote.storedBytes > 0 ? `; ${bytes(remote.storedBytes)} are stored already` : '';
  return `${bytes(missing)} to download${before}.`;
}

/** When something was, as people say it. */
export function ago(then: number, now: number): string {
  const minutes = Math.floor((now - then) / 60_000);
  if (minutes < 1) return 'just now';
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  if (minutes < 60) return words.format(-minutes, 'minute');
  return minutes < 24 * 60
    ? words.format(-Math.floor(minutes / 60), 'hour')
    : words.format(-Math.floor(minutes / 1440), 'day');
}
