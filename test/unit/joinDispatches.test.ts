import fc from 'fast-check';
import { expect, it } from 'vitest';
import { joining } from '../../src/device/webgpu/lanes';
import { independent, joinDispatches } from '../../src/device/webgpu/schedule';
import { type Command, Temporary, type Trace } from '../../src/device/webgpu/trace';

interface Work {
  name: number;
  reads: Temporary[];
  writes: Temporary[];
}

const dispatch = ({ name, reads, writes }: Work, isOurs = true, onlyIfRead = false): Command => ({
  kind: 'dispatch',
  resources: [...reads, ...writes],
  writes,
  workgroups: [1, 1, 1],
  compile: () => {
    throw new Error('Nothing is compiled here.');
  },
  part: isOurs
    ? { program: { key: `${name}`, onlyIfRead } as never, inputs: reads, outputs: writes }
    : undefined,
});

const PLACES = Array.from({ length: 6 }, () => new Temporary(4));
const places = fc.subarray(PLACES, { maxLength: 3 });
const works = fc.array(
  fc.record({
    reads: places,
    writes: fc.subarray(PLACES, { minLength: 1, maxLength: 2 }),
    isOurs: fc.boolean(),
  }),
  { maxLength: 20 },
);

/** What lies everywhere after groups of work, each of which reads all before it writes. */
function outcome(groups: Work[][]): string[] {
  const contents = new Map(PLACES.map((place, i) => [place, `${i}`]));
  for (const group of groups) {
    const written = group.map(({ name, reads, writes }) => {
      const seen = [...reads, ...writes].map((place) => contents.get(place));
      return [writes, `${name}(${seen})`] as const;
    });
    for (const [at, value] of written) for (const place of at) contents.set(place, value);
  }
  return [...contents.values()].map((text) => `${text.length} ${text.slice(0, 200)}`);
}

it('comes to the same, whatever is joined', () => {
  fc.assert(
    fc.property(works, fc.integer({ min: 1, max: 4 }), (program, most) => {
      const named = program.map((work, name) => ({ ...work, name }));
      const commands = named.map((work) => dispatch(work, work.isOurs));
      const groups = independent(commands, (parts) => parts.length <= most);
      const done = groups.map((group) => group.map((command) => named[commands.indexOf(command)]));
      expect(done.flat().length).toBe(named.length);
      expect(outcome(done)).toEqual(outcome(named.map((work) => [work])));
      for (const group of done)
        if (group.length > 1) expect(group.length <= most && group.every(({ isOurs }) => isOurs)).toBe(true);
    }),
  );
});

it('joins what needs the same before it, but nothing over a fence', () => {
  const [x, y, a, b, c, d] = PLACES;
  const chain: Work[] = [
    { name: 0, reads: [x], writes: [y] },
    { name: 1, reads: [y], writes: [a] },
    { name: 2, reads: [y], writes: [b] },
    { name: 3, reads: [x], writes: [c] },
  ];
  const late = dispatch({ name: 4, reads: [x], writes: [d] });
  const commands: Trace['commands'] = [...chain.map((work) => dispatch(work)), { kind: 'fence' }, late];
  const sizes = independent(commands, () => true).map((group) => group.length);
  expect(sizes).toEqual([2, 2, 1]);
});

it('leaves out sums that nobody reads, and those that only they have read', () => {
  const [x, y, a, b, c, d] = PLACES;
  const sum = (work: Work) => dispatch(work, true, true);
  joining.isOn = false;
  const commands = [
    sum({ name: 0, reads: [x], writes: [y] }),
    sum({ name: 1, reads: [y], writes: [a] }),
    sum({ name: 2, reads: [x], writes: [b] }),
    sum({ name: 3, reads: [b], writes: [c] }),
    dispatch({ name: 4, reads: [x], writes: [d] }),
  ];
  expect(joinDispatches(commands, [c])).toEqual([commands[2], commands[3], commands[4]]);
  expect(joinDispatches(commands, [a, c])).toEqual(commands);
  joining.isOn = true;
});
