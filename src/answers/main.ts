import { AnswersPage } from './answersPage';
import { messageOf, status } from './elements';
import { openSearch } from './search';
import { SearchPage } from './searchPage';
import { openStudent } from './student';
import './answers.css';

/** Characters of base64 decoded at a time, a multiple of 4: Firefox takes no longer address than 32 MB. */
const PIECE = 2 ** 24;

void start().catch((error: unknown) => {
  status.textContent = `This browser can't run the page: ${messageOf(error)}. One of the last two years can.`;
});

async function start(): Promise<void> {
  const [student, pictures] = await Promise.all([embedded('student'), embedded('pictures')]);
  if (pictures.size > 0) {
    const search = await openSearch(student, pictures);
    new SearchPage(search);
    status.textContent = `It knows ${search.paths.length} pictures. What you type stays on this device: it is sent to nobody.`;
    return;
  }
  const answering = await openStudent(student);
  new AnswersPage(answering);
  status.textContent = `It knows ${answering.names.length} answers. Pictures stay on this device: they are sent to nobody.`;
}

/** What the page holds in the element of this id. */
async function embedded(id: string): Promise<Blob> {
  const text = document.getElementById(id)?.textContent ?? '';
  const parts: Blob[] = [];
  for (let from = 0; from < text.length; from += PIECE) {
    const response = await fetch(`data:application/octet-stream;base64,${text.slice(from, from + PIECE)}`);
    parts.push(await response.blob());
  }
  return new Blob(parts);
}
