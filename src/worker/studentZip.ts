import { downloadZip } from 'client-zip';
import { type ExportedStudent, studentFiles } from '../export/studentFiles';

/** A student's files and further texts by their paths, packed one after another. */
export function studentZip(student: ExportedStudent, texts: Record<string, string>): Promise<Blob> {
  async function* entries() {
    for await (const [name, input] of studentFiles(student)) yield { name, input };
    for (const [name, input] of Object.entries(texts)) yield { name, input };
  }
  return downloadZip(entries()).blob();
}
