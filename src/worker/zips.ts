import { downloadZip } from 'client-zip';
import { type Checkpoint, saveCheckpoint } from '../clip/checkpoint';
import type { Dataset } from '../data/dataset';
import type { ExportedStudent } from '../export/exportedStudent';
import { studentFiles } from '../export/studentFiles';
import { runFacts } from '../run/facts';
import { modelCard } from '../run/modelCard';
import type { EvaluationSummary } from '../run/report';
import type { Run } from '../run/schema';

/** The run that a student is of, as it was carried out. */
interface CarriedOut {
  run: Run;
  teacher: Checkpoint;
  student: Checkpoint;
  dataset: Dataset;
  device: string;
  evaluations: EvaluationSummary[];
}

/** A checkpoint's files and further texts by their paths, packed. */
export function checkpointZip(checkpoint: Checkpoint, texts: Record<string, string>): Promise<Blob> {
  async function* entries() {
    for (const [name, input] of await saveCheckpoint(checkpoint)) yield { name, input };
    for (const [name, input] of Object.entries(texts)) yield { name, input };
  }
  return downloadZip(entries()).blob();
}

/**
 * A student's files, its run file and model card, packed one after another.
 *
 * @param template of the page that answers pictures
 */
export function studentZip(
  student: ExportedStudent,
  template: string | undefined,
  carriedOut: CarriedOut,
): Promise<Blob> {
  const { run, evaluations } = carriedOut;
  const { precisions } = student;
  async function* entries() {
    const files: string[] = [];
    for await (const [name, input] of studentFiles(student, template)) {
      files.push(name);
      yield { name, input };
    }
    yield { name: 'run.json', input: `${JSON.stringify(run, null, 2)}\n` };
    yield {
      name: 'README.md',
      input: modelCard({ run, evaluations, precisions, files, ...runFacts(carriedOut) }),
    };
  }
  return downloadZip(entries()).blob();
}
