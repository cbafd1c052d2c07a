import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { circumstances, figuresOf, figureText } from '../../bench/figures';
import { resultJson } from '../../bench/link';
import { type BenchResult, benchResultSchema } from '../../bench/result';

const FOLDER = 'docs/measurements';
const README = `${FOLDER}/README.md`;

const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
const textOf = (name: string) => readFileSync(`${FOLDER}/${name}`, 'utf8');
const cards = names.map((name) => ({ name, result: benchResultSchema.parse(JSON.parse(textOf(name))) }));

it.each(cards)('$name is a card as the bench page gives it', ({ name, result }) => {
  expect(textOf(name).trimEnd()).toBe(resultJson(result));
  expect(result.date).toBeDefined();
});

it('the table of measurements is that of the files', async () => {
  const readme = readFileSync(README, 'utf8');
  const table = tableOf(cards);
  const written = readme.replace(/(?<=<!-- cards -->\n)[\s\S]*(?=<!-- \/cards -->)/, () => `\n${table}\n\n`);
  expect(written).toContain(table);
  await expect(written).toMatchFileSnapshot(`../../${README}`);
});

/** A column a card, a row a figure. */
function tableOf(all: { name: string; result: BenchResult }[]): string {
  const columns = all.map(({ name, result }) => {
    const notes = [`[${result.adapter}](${name})`, circumstances(result), result.note];
    return [notes.filter(Boolean).join('<br>'), '---', ...figuresOf(result).map(figureText)];
  });
  const heads = ['', '---', ...figuresOf(all[0].result).map(({ name }) => name)];
  return heads
    .map((head, i) => `| ${[head, ...columns.map((column) => column[i])].join(' | ')} |`)
    .join('\n');
}
