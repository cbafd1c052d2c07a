import fc from 'fast-check';
import { concat } from './bytes';

/** One thing done to bytes at a share of their length. */
const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  kind: fc.constantFrom('overwrite', 'insert', 'delete', 'repeat'),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 12 }),
});
type Mutation = typeof mutation extends fc.Arbitrary<infer M> ? M : never;

/** Some of them. */
export const mutations = fc.array(mutation, { minLength: 1, maxLength: 4 });

/** The bytes after all of these. */
export const mutated = (bytes: Uint8Array<ArrayBuffer>, all: Mutation[]): Uint8Array<ArrayBuffer> =>
  all.reduce(mutate, bytes);

function mutate(bytes: Uint8Array<ArrayBuffer>, { at, kind, bytes: by }: Mutation): Uint8Array<ArrayBuffer> {
  const start = Math.floor(at * bytes.length);
  const before = bytes.slice(0, start);
  if (kind === 'insert') return concat(before, by, bytes.slice(start));
  if (kind === 'delete') return concat(before, bytes.slice(start + by.length));
  if (kind === 'repeat') return concat(before, bytes.slice(start, start + 600), bytes.slice(start));
  return concat(before, by, bytes.slice(start + by.length));
}
