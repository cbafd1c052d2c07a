import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { unzipSync } from 'fflate';
import { onePicture, ownPictures } from './pictures';
import type { Visit } from './visit';

interface Task {
  name: string;
  /** Rejects where the page does not do what it should. */
  carryOut: (visit: Visit) => Promise<void>;
}

interface Person {
  who: string;
  /** One after another, on the same page. */
  tasks: Task[];
}

const STEPS = 20;
/** Runs of a comparison are short: what is toured is the way there. */
const COMPARED_STEPS = 10;

function check(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(what);
}

const open: Task = { name: 'open the page', carryOut: (visit) => visit.open() };

async function exportStudent(visit: Visit): Promise<void> {
  const [file] = await Promise.all([
    visit.page.waitForEvent('download'),
    visit.button('Export student').click(),
  ]);
  const names = Object.keys(unzipSync(await readFile(await file.path())));
  for (const name of ['student/model.safetensors', 'index.html', 'run.json'])
    check(names.includes(name), `The student’s zip has no ${name}`);
}

const lecturer: Person = {
  who: 'a lecturer',
  tasks: [
    open,
    {
      name: 'play',
      async carryOut(visit) {
        await visit.button('Play').click();
        await visit.reachStep(STEPS);
      },
    },
    {
      name: 'switch a loss off and see the effect',
      async carryOut(visit) {
        await visit.page.getByRole('switch', { name: 'IFAlign' }).click();
        await visit.button('Apply and restart').click();
        const runs = visit.region('Results').getByRole('listitem');
        await runs.filter({ hasText: 'without IFAlign' }).filter({ hasText: 'running' }).waitFor();
        await visit.reachStep(STEPS);
        // The run before stands beside it, with its loss and accuracy.
        await runs
          .filter({ has: visit.page.getByRole('checkbox', { checked: true }) })
          .filter({ hasText: /\d\.\d+.*%/ })
          .first()
          .waitFor();
      },
    },
    {
      name: 'present',
      async carryOut(visit) {
        await visit.press('p');
        await visit.region('Method').waitFor({ state: 'hidden' });
        await visit.region('Distillation').waitFor();
        await visit.press('p');
        await visit.region('Method').waitFor();
      },
    },
    {
      name: 'share by a link',
      async carryOut(visit) {
        await visit.button('Share').click();
        const link = await visit
          .dialog('Share the page as it is')
          .getByLabel('Link', { exact: true })
          .inputValue();
        await visit.press('Escape');
        const theirs = await visit.somebodyElse();
        await theirs.open(link);
        const isOn = await theirs.page.getByRole('switch', { name: 'IFAlign' }).getAttribute('aria-checked');
        await theirs.context.close();
        check(isOn === 'false', 'The link does not bring the switched-off loss');
      },
    },
    {
      name: 'embed in lecture notes',
      async carryOut(visit) {
        await visit.button('Share').click();
        const code = visit
          .dialog('Share the page as it is')
          .getByLabel('Code for lecture notes', { exact: true });
        const frame = await code.inputValue();
        await visit.press('Escape');
        const server = createServer((_request, response) => {
          response.setHeader('content-type', 'text/html');
          response.end(`<!doctype html><h1>Lecture notes</h1>${frame}`);
        }).listen(0);
        await once(server, 'listening');
        const notes = await visit.context.newPage();
        await notes.goto(`http://localhost:${(server.address() as AddressInfo).port}`);
        const inside = notes.frameLocator('iframe');
        await inside.getByRole('button', { name: 'Play', exact: true }).click();
        await inside
          .locator('output[aria-label="step"]')
          .filter({ hasText: /^[1-9]/ })
          .waitFor();
        await notes.close();
        server.close();
        await visit.page.bringToFront();
      },
    },
  ],
};

const student: Person = {
  who: 'a student',
  tasks: [
    open,
    {
      name: 'train on own images',
      async carryOut(visit) {
        const buffer = await ownPictures();
        const file = { name: 'shapes.zip', mimeType: 'application/zip', buffer };
        await visit.choose(visit.page.getByLabel('Images and captions', { exact: true }), file);
        await visit
          .region('Data')
          .getByText(/^2 classes/)
          .waitFor();
        await visit.button('Play').click();
        await visit.reachStep(STEPS);
      },
    },
    {
      name: 'find wrong predictions',
      async carryOut(visit) {
        const inspect = visit.region('Inspect');
        await inspect.getByRole('combobox', { name: 'Show' }).focus();
        await visit.press('ArrowDown');
        await inspect
          .getByRole('listitem')
          .getByText(/^(student|both) wrong$/)
          .or(inspect.getByText('No image here is like that.'))
          .first()
          .waitFor();
      },
    },
    {
      name: 'ask with own text and picture',
      async carryOut(visit) {
        const inspect = visit.region('Inspect');
        await inspect.getByText('Ask', { exact: true }).click();
        const buffer = await onePicture();
        const file = { name: 'mine.png', mimeType: 'image/png', buffer };
        await visit.choose(inspect.getByLabel('An image to ask about'), file);
        await visit.type(
          inspect.getByRole('textbox', { name: 'Texts to ask, one a line' }),
          'a red circle\nan owl',
        );
        for (const model of ['Teacher', 'Student'])
          await inspect
            .getByRole('list', { name: `${model}’s answers` })
            .getByText('a red circle')
            .first()
            .waitFor();
      },
    },
    { name: 'export the student', carryOut: exportStudent },
  ],
};

const researcher: Person = {
  who: 'a researcher',
  tasks: [
    open,
    {
      name: 'compare three learning rates',
      async carryOut(visit) {
        await visit.setLength(COMPARED_STEPS);
        await visit.button('Compare settings…').click();
        const compare = visit.dialog('Compare settings');
        await compare.getByText('A sweep').click();
        await compare.getByRole('button', { name: 'Start 3 runs' }).click();
        await compare.getByText('3 of 3 runs, all done').waitFor();
      },
    },
    {
      name: 'run the ablation with two seeds',
      async carryOut(visit) {
        const compare = visit.dialog('Compare settings');
        await compare.getByRole('button', { name: 'New comparison' }).click();
        await visit.type(compare.getByLabel('Seeds', { exact: true }), '0, 1');
        await compare.getByRole('button', { name: 'Start 10 runs' }).click();
        await compare.getByText('10 of 10 runs, all done').waitFor();
        await compare
          .getByRole('cell', { name: /\d ± \d/ })
          .first()
          .waitFor();
      },
    },
    {
      name: 'train its best student on, and export it',
      async carryOut(visit) {
        await visit
          .dialog('Compare settings')
          .getByRole('button', { name: /^Train the student of / })
          .click();
        await visit.reachStep(2 * COMPARED_STEPS);
        await visit
          .region('Results')
          .getByText(/finished$/)
          .waitFor();
        await exportStudent(visit);
      },
    },
  ],
};

export const people = [lecturer, student, researcher];
