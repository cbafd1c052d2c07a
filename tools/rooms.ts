import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

/**
 * Draws the rooms of the code and who imports whom, docs/rooms.svg, from what dependency-cruiser finds:
 * `npx tsx tools/rooms.ts`. With `--check` it only says whether the picture is that of today's code.
 */
const PICTURE = 'docs/rooms.svg';

const BOX = { left: 20, top: 44, width: 500, height: 36, gap: 16 };
const PITCH = BOX.height + BOX.gap;
/** How far an arc goes out to the right for each room that it passes. */
const REACH = 17;
const MOST_IN_A_LINE = 8;

interface Room {
  name: string;
  /** Folders in it. */
  parts: string[];
  /** Names of the rooms that it imports from. */
  imports: string[];
}

const found = z.object({
  modules: z.array(
    z.object({ source: z.string(), dependencies: z.array(z.object({ resolved: z.string() })) }),
  ),
});

/** The rooms, each above all that it imports from. Throws where two import each other. */
function readRooms(): Room[] {
  const cruise = ['depcruise', 'src', '--output-type', 'json', '--collapse', '^src/[^/]+/'];
  const { modules } = found.parse(JSON.parse(execFileSync('npx', cruise, { maxBuffer: 2 ** 28 }).toString()));
  const importsOf = (name: string) =>
    modules.find(({ source }) => source === `src/${name}/`)?.dependencies.map(({ resolved }) => resolved) ??
    [];
  const names = foldersIn('src');
  const rooms = names.map((name) => ({
    name,
    parts: foldersIn(`src/${name}`),
    imports: names.filter((other) => importsOf(name).includes(`src/${other}/`)),
  }));
  return inOrder(rooms);
}

const foldersIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

function inOrder(rooms: Room[]): Room[] {
  if (rooms.length === 0) return [];
  const top = rooms.find(({ name }) => !rooms.some(({ imports }) => imports.includes(name)));
  if (!top) throw new Error(`These rooms import in a circle: ${rooms.map(({ name }) => name).join(', ')}.`);
  return [top, ...inOrder(rooms.filter((room) => room !== top))];
}

function draw(rooms: Room[]): string {
  const height = BOX.top + rooms.length * PITCH;
  const width = BOX.left + BOX.width + REACH * rooms.length + 20;
  const row = (name: string) => rooms.findIndex((room) => room.name === name);
  const arrows = rooms.flatMap(({ imports }, from) => imports.map((name) => arrow(from, row(name))));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif">
<style>
  svg { color: #16191d; background: #fff; --box: #f1f3f5; --edge: #c6ccd2; --quiet: #5b6470; --arrow: #0a6ebd }
  @media (prefers-color-scheme: dark) {
    svg { color: #e8eaed; background: #16191d; --box: #22272d; --edge: #434b54; --quiet: #a3adb8; --arrow: #58a6e6 }
  }
  rect { fill: var(--box); stroke: var(--edge) }
  text { fill: currentColor; font-size: 14px }
  .name { font-weight: 600 }
  .quiet { fill: var(--quiet); font-size: 12px }
  path { fill: none; stroke: var(--arrow); opacity: 0.6 }
  marker path { fill: var(--arrow); stroke: none }
</style>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>
<text x="${BOX.left}" y="26" class="quiet">src/: an arrow goes from a room to one that it imports from, always downwards</text>
${rooms.map(box).join('\n')}
${arrows.join('\n')}
</svg>
`;
}

function box({ name, parts }: Room, row: number): string {
  const y = BOX.top + row * PITCH;
  return `<rect x="${BOX.left}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6"/>
<text x="${BOX.left + 12}" y="${y + 23}" class="name">${name}/</text>
${lines(parts, y)}`;
}

/** The names in one line, or in two where they are many. */
function lines(names: string[], y: number): string {
  const line = (some: string[], at: number) =>
    `<text x="${BOX.left + 92}" y="${y + at}" class="quiet">${some.join(' · ')}</text>`;
  if (names.length <= MOST_IN_A_LINE) return line(names, 22);
  const half = Math.ceil(names.length / 2);
  return `${line(names.slice(0, half), 15)}\n${line(names.slice(half), 30)}`;
}

/** Straight to the next room, else an arc on the right; each leaves and enters boxes a little apart from the others. */
function arrow(from: number, to: number): string {
  const leave = BOX.top + from * PITCH + BOX.height;
  if (to === from + 1) return `<path d="M${BOX.left + 46} ${leave}v${BOX.gap - 1}" marker-end="url(#tip)"/>`;
  const x = BOX.left + BOX.width;
  const start = leave - BOX.height / 3;
  const end = BOX.top + to * PITCH + BOX.height / 3;
  const out = x + REACH * (to - from);
  return `<path d="M${x} ${start}C${out} ${start} ${out} ${end} ${x + 1} ${end}" marker-end="url(#tip)"/>`;
}

const picture = draw(readRooms());
if (!process.argv.includes('--check')) writeFileSync(PICTURE, picture);
else if (readFileSync(PICTURE, 'utf8') !== picture) {
  console.error(
    `${PICTURE} shows other rooms or arrows than the code has: draw it anew by npx tsx tools/rooms.ts.`,
  );
  process.exit(1);
}
