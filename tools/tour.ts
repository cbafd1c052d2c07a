import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { build, preview } from 'vite';
import { takeScreenshots } from './tour/screenshots';
import { people } from './tour/tasks';
import { type Effort, launch, Visit } from './tour/visit';

/**
 * `npm run tour`: what three people do on the built page, each in a fresh profile, with the true engine on WebAssembly.
 * It prints what each task took and fails where one can't be done or moves things; `--write` puts the table into
 * docs/tour.md, `--screenshots DIR` takes pictures of the page in many sizes instead.
 */
const MOST_SHIFT = 0.01;
const DOCUMENT = 'docs/tour.md';

const { values } = parseArgs({ options: { screenshots: { type: 'string' }, write: { type: 'boolean' } } });

const rowOf = (who: string, task: string, { clicks, seconds, shift }: Effort): string =>
  `| ${who} | ${task} | ${clicks} | ${seconds.toFixed(1)} | ${shift.toFixed(4)} |`;

/** The rows of the table, and what was wrong. */
async function tour(address: string): Promise<{ rows: string[]; wrong: string[] }> {
  const browser = await launch();
  const rows = ['| who | task | clicks | seconds | layout shift |', '| --- | --- | --: | --: | --: |'];
  const wrong: string[] = [];
  console.log(rows.join('\n'));
  for (const { who, tasks } of people) {
    const visit = await Visit.begin(browser, address);
    for (const { name, carryOut } of tasks) {
      try {
        const effort = await visit.measure(carryOut);
        rows.push(rowOf(who, name, effort));
        console.log(rows.at(-1));
        if (effort.shift >= MOST_SHIFT)
          wrong.push(`${who}, ${name}: the page moves by ${effort.shift.toFixed(4)}`);
      } catch (error) {
        wrong.push(`${who}, ${name}: ${error instanceof Error ? error.message : error}`);
        // What follows needs what failed.
        break;
      }
    }
    await visit.context.close();
  }
  await browser.close();
  return { rows, wrong };
}

await build({ logLevel: 'warn' });
const server = await preview({ logLevel: 'warn', preview: { port: 0 } });
const address = server.resolvedUrls?.local[0] ?? '';
if (values.screenshots) await takeScreenshots(address, values.screenshots);
else {
  const { rows, wrong } = await tour(address);
  for (const one of wrong) console.error(one);
  if (wrong.length > 0) process.exitCode = 1;
  else if (values.write) {
    const text = await readFile(DOCUMENT, 'utf8');
    await writeFile(DOCUMENT, text.replace(/(\|.*\n)+/, `${rows.join('\n')}\n`));
  }
}
await server.close();
