import './page.css';
import { proxy, wrap } from 'comlink';
import type { PartName } from './bench';
import type { BenchApi, Choice } from './bench.worker';
import { type Card, cardElements } from './cards';
import { button, checkbox, create, find, tableElement } from './dom';
import { decodeResult, encodeResult, readResult } from './link';
import { type BenchResult, benchResultSchema } from './result';
import { STEP_SHAPES } from './shapes';
import { resultTables } from './table';

const form = find('run', HTMLFormElement);
const progress = find('progress', HTMLOutputElement);
const problem = find('problem', HTMLParagraphElement);
const compare = find('compare', HTMLFormElement);
const pasted = find('pasted', HTMLTextAreaElement);

const PARTS: Record<PartName, string> = {
  step: 'a training step',
  inference: 'inference of the towers',
  gemm: 'the step’s matrix products',
  overhead: 'dispatches and reading back',
};

/** What was measured here, if it was, comes first. */
let own: Card | undefined;
const others: Card[] = [];

find('parts', HTMLFieldSetElement).append(
  ...Object.entries(PARTS).map(([part, text]) => checkbox('part', part, text, true)),
);
find('shapes', HTMLFieldSetElement).append(
  ...STEP_SHAPES.map(({ name }, i) => checkbox('shape', name, name, i === 0)),
);
const files = import.meta.glob('../docs/measurements/*.json', { eager: true, import: 'default' });
const contributed = Object.values(files).map((file) => benchResultSchema.parse(file));
find('contributed', HTMLElement).append(
  'or a contributed one: ',
  ...contributed.map((result) => button(contributedName(result), () => addOther(result, 'Contributed'))),
);
form.addEventListener('submit', (event) => {
  event.preventDefault();
  run().catch(showProblem);
});
compare.addEventListener('submit', (event) => {
  event.preventDefault();
  try {
    problem.hidden = true;
    addOther(readResult(pasted.value), 'From another');
    pasted.value = '';
  } catch (error) {
    showProblem(error);
  }
});
addEventListener('hashchange', showShared);
showShared();

function contributedName({ adapter, platform }: BenchResult): string {
  return [adapter, platform].filter(Boolean).join(', ');
}

/** Measures in a worker of its own, so that every run starts afresh. */
async function run(): Promise<void> {
  const choice = chosen();
  problem.hidden = true;
  setRunning(true);
  const worker = new Worker(new URL('./bench.worker.ts', import.meta.url), { type: 'module' });
  try {
    const report = (message: string) => {
      progress.value = message;
    };
    const result = await wrap<BenchApi>(worker).run(choice, proxy(report));
    progress.value = '';
    history.replaceState(null, '', encodeResult(result));
    own = { result, origin: 'Measured here' };
    show();
  } finally {
    worker.terminate();
    setRunning(false);
  }
}

/** @throws Error where nothing is chosen */
function chosen(): Choice {
  const data = new FormData(form);
  const parts = Object.keys(PARTS).filter((part): part is PartName => data.getAll('part').includes(part));
  const shapes = data.getAll('shape').map(String);
  if (parts.length === 0 || shapes.length === 0) throw new Error('Choose a part and a step first.');
  return { parts, shapes, rivals: data.has('rivals') };
}

function setRunning(isRunning: boolean): void {
  for (const control of form.querySelectorAll<HTMLInputElement | HTMLButtonElement>('input, [type=submit]'))
    control.disabled = isRunning;
}

/** Shows the result that the address holds, if it does. */
function showShared(): void {
  try {
    const result = decodeResult(location.hash);
    if (result) addOther(result, 'From the link');
  } catch (error) {
    showProblem(error);
  }
}

function addOther(result: BenchResult, origin: string): void {
  const card: Card = {
    result,
    origin,
    remove() {
      others.splice(others.indexOf(card), 1);
      show();
    },
  };
  others.push(card);
  show();
}

function show(): void {
  const cards = own ? [own, ...others] : others;
  find('cards', HTMLElement).replaceChildren(...cardElements(cards, copy));
  const detail = cards.slice(0, 1).flatMap(({ result }) => resultTables(result).map(tableElement));
  if (detail.length > 0)
    detail.unshift(create('h2', cards.length > 1 ? 'The first card in detail' : 'In detail'));
  find('detail', HTMLElement).replaceChildren(...detail);
}

function copy(text: string, what: string): void {
  navigator.clipboard.writeText(text).then(
    () => {
      progress.value = `The ${what} is in the clipboard.`;
    },
    () => showProblem(new Error(`The browser does not let this page copy the ${what}.`)),
  );
}

function showProblem(error: unknown): void {
  problem.textContent = error instanceof Error ? error.message : String(error);
  problem.hidden = false;
}
