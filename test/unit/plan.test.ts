import fc from 'fast-check';
import { expect, it } from 'vitest';
import { planMemory } from '../../src/device/webgpu/plan';
import { type Command, Temporary } from '../../src/device/webgpu/trace';

/** A dispatch that touches these; the plan looks at nothing else. */
const dispatch = (resources: Temporary[]) => ({ kind: 'dispatch', resources }) as unknown as Command;

const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 12 });

it('gives no two temporaries that live at the same time the same buffer', () => {
  const program = sizes.chain((bytes) =>
    fc.record({
      bytes: fc.constant(bytes),
      commands: fc.array(fc.uniqueArray(fc.nat(bytes.length - 1), { minLength: 1, maxLength: 4 }), {
        minLength: 1,
        maxLength: 20,
      }),
      kept: fc.nat(bytes.length - 1),
    }),
  );
  fc.assert(
    fc.property(program, ({ bytes, commands, kept }) => {
      const temporaries = bytes.map((size) => new Temporary(size));
      const touched = [...commands, [kept]];
      const lives = temporaries.map((_, one) => {
        const at = touched.flatMap((all, i) => (all.includes(one) ? [i] : []));
        return { first: at[0] ?? -1, last: one === kept ? touched.length : (at.at(-1) ?? -1) };
      });
      const { slots, placed } = planMemory(
        touched.map((all) => dispatch(all.map((one) => temporaries[one]))),
        [temporaries[kept]],
      );
      for (const [i, a] of temporaries.entries()) {
        if (lives[i].first < 0) continue;
        expect(slots[placed.get(a) ?? -1]).toBeGreaterThanOrEqual(a.bytes);
        for (const [j, b] of temporaries.entries()) {
          const overlap = lives[j].first <= lives[i].last && lives[i].first <= lives[j].last;
          if (j > i && lives[j].first >= 0 && overlap) expect(placed.get(a)).not.toBe(placed.get(b));
        }
      }
    }),
  );
});

it('a chain needs two buffers, however long it is', () => {
  const chain = Array.from({ length: 9 }, () => new Temporary(100));
  const commands = chain.slice(1).map((one, i) => dispatch([chain[i], one]));
  expect(planMemory(commands, [chain[8]]).slots).toEqual([100, 100]);
});

it('what only a pack wants is written there at once; what others read is copied', () => {
  const [alone, shared, other, target] = [8, 8, 8, 1024].map((bytes) => new Temporary(bytes));
  const pack: Command = {
    kind: 'pack',
    target,
    parts: [
      { source: alone, offset: 0, bytes: 8 },
      { source: shared, offset: 256, bytes: 8 },
    ],
  };
  const commands = [dispatch([alone]), dispatch([shared]), dispatch([shared, other]), pack];
  const { inside, placed } = planMemory(commands, [target]);
  expect(inside.get(alone)).toEqual({ target, offset: 0 });
  expect(inside.has(shared)).toBe(false);
  expect(placed.has(shared)).toBe(true);
});
