import './page.css';
import { proxy, wrap } from 'comlink';
import type { BenchApi } from './bench.worker';
import { decodeResult, encodeResult } from './link';
import type { BenchResult } from './result';
import { STEP_SHAPES } from './shapes';
import { resultTables, type Table } from './table';

/** The page's element with this id. */
function find<E extends HTMLElement>(id: string, type: new () => E): E {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`bench.html has no ${id}`);
  return element;
}

const form = find('run', HTMLFormElement);
const shapes = find('shapes', HTMLFieldSetElement);
const share = find('share', HTMLButtonElement);
const progress = find('progress', HTMLOutputElement);
const problem = find('problem', HTMLParagraphElement);
const section = find('result', HTMLElement);

for (const [i, { name }] of STEP_SHAPES.entries()) {
  const box = create('input', '');
  Object.assign(box, { type: 'checkbox', name: 'shape', value: name, checked: i === 0 });
  const label = create('label', '', box);
  label.append(` ${name}`);
  shapes.append(label);
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  run(new FormData(form).getAll('shape').map(String)).catch(showProblem);
});
share.addEventListener('click', () => {
  navigator.clipboard.writeText(location.href).then(() => {
    progress.value = 'The link is in the clipboard.';
  }, showProblem);
});
addEventListener('hashchange', showShared);
showShared();

/** Measures in a worker of its own, so that every run starts afresh. */
async function run(chosen: string[]): Promise<void> {
  if (chosen.length === 0) return showProblem(new Error('Choose a step first.'));
  problem.hidden = true;
  setRunning(true);
  const worker = new Worker(new URL('./bench.worker.ts', import.meta.url), { type: 'module' });
  try {
    const report = (message: string) => {
      progress.value = message;
    };
    const result = await wrap<BenchApi>(worker).run(chosen, proxy(report));
    progress.value = '';
    history.replaceState(null, '', encodeResult(result));
    show(result);
  } finally {
    worker.terminate();
    setRunning(false);
  }
}

function setRunning(isRunning: boolean): void {
  for (const control of form.querySelectorAll<HTMLInputElement | HTMLButtonElement>('input, [type=submit]'))
    control.disabled = isRunning;
}

/** Shows the result that the address holds, if it does. */
function showShared(): void {
  try {
    const result = decodeResult(location.hash);
    if (result) show(result);
  } catch (error) {
    showProblem(error);
  }
}

function show(result: BenchResult): void {
  const { adapter, rounds } = result;
  share.disabled = false;
  section.replaceChildren(
    create('p', `On ${adapter}; medians of ${rounds} rounds.`),
    ...resultTables(result).map(tableElement),
  );
}

function showProblem(error: unknown): void {
  problem.textContent = error instanceof Error ? error.message : String(error);
  problem.hidden = false;
}

function tableElement({ title, rows: [head, ...body] }: Table): HTMLElement {
  const row = (cells: string[], tag: 'th' | 'td') =>
    create('tr', '', ...cells.map((cell) => create(tag, cell)));
  const table = create('table', '', create('caption', title), row(head, 'th'));
  table.append(...body.map((cells) => row(cells, 'td')));
  const scroll = create('div', '', table);
  scroll.className = 'scroll';
  return scroll;
}

function create<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  text: string,
  ...children: Node[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  element.append(text, ...children);
  return element;
}
