import { studentFiles } from '../../src/export/studentFiles';
import { readSafetensors } from '../../src/files/safetensors';
import type { HostTensors } from '../../src/files/tensors';
import type { Experiment } from '../../src/train/experiment';

/** What an experiment's student is exported with: its checkpoint and its heads. */
export async function exportedTensors(
  experiment: Experiment,
): Promise<{ tower: HostTensors; heads: HostTensors }> {
  const found: Record<string, HostTensors> = {};
  for await (const [path, bytes] of studentFiles(await experiment.exportStudent()))
    if (/^(student\/model|heads)\./.test(path)) found[path] = await readSafetensors(new Blob([bytes]), path);
  return { tower: found['student/model.safetensors'], heads: found['heads.safetensors'] };
}
