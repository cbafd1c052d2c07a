import { downloadZip } from 'client-zip';
import { type Checkpoint, saveCheckpoint } from '../clip/checkpoint';
import type { ExportedStudent } from '../export/exportedStudent';
import { studentFiles } from '../export/studentFiles';

/** A checkpoint's files and further texts by their paths, packed. */
export function checkpointZip(checkpoint: Checkpoint, texts: Record<string, string>): Promise<Blob> {
  async function* entries() {
    for (const [name, input] of await saveCheckpoint(checkpoint)) yield { name, input };
    for (const [name, input] of Object.entries(texts)) yield { name, input };
  }
  return downloadZip(entries()).blob();
}

/**
 * A student's files and further texts by their paths, packed one after another.
 *
 * @param template of the page that answers pictures
 */
export function studentZip(
  student: ExportedStudent,
  template: string | undefined,
  texts: Record<string, string>,
): Promise<Blob> {
  async function* entries() {
    for await (const [name, input] of studentFiles(student, template)) yield { name, input };
    for (const [name, input] of Object.entries(texts)) yield { name, input };
  }
  return downloadZip(entries()).blob();
}
