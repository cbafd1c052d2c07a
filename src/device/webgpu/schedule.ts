import { joining } from './lanes';
import { fitSideBySide, sideBySide } from './sideBySide';
import type { Command, Part, Resource, Trace } from './trace';

/**
 * Puts dispatches that do not wait for one another into one, such as both gradients of a layer: each costs some
 * microseconds however little it does, and the device has more to do at once. A dispatch moves ahead to the first one
 * that it can run beside, but not over a fence.
 */
export const joinDispatches = (commands: Trace['commands'], kept: Resource[]): Command[] =>
  independent(read(commands, kept), (parts) => joining.isOn && fitSideBySide(parts)).map(joined);

/** Leaves out sums that nobody reads, since they have become part of larger ones or their reader adds them up itself. */
function read(commands: Trace['commands'], kept: Resource[]): Trace['commands'] {
  const wanted = new Set<object>(kept);
  const isWanted = (command: Trace['commands'][number]) =>
    command.kind !== 'dispatch' ||
    !command.part?.program.onlyIfRead ||
    command.writes.some((place) => wanted.has(place));
  return commands
    .toReversed()
    .filter((command) => {
      if (command.kind === 'fence') return true;
      const needed = isWanted(command);
      if (needed) for (const place of accessOf(command).reads) wanted.add(place);
      return needed;
    })
    .reverse();
}

/**
 * A step's commands in groups that can be done one after the other, each at once.
 *
 * @param fit whether these may be one group
 */
export function independent(commands: Trace['commands'], fit: (parts: Part[]) => boolean): Command[][] {
  const groups: Command[][] = [];
  /** The last group that writes, or touches, what lies there. */
  const written = new Map<object, number>();
  const touched = new Map<object, number>();
  let first = 0;
  for (const command of commands) {
    if (command.kind === 'fence') {
      first = groups.length;
      continue;
    }
    const { reads, writes } = accessOf(command);
    const earliest = Math.max(
      first,
      ...reads.map((place) => (written.get(place) ?? -1) + 1),
      ...writes.map((place) => (touched.get(place) ?? -1) + 1),
    );
    let at = earliest;
    while (at < groups.length && !joins(groups[at], command, fit)) at++;
    groups[at] = [...(groups[at] ?? []), command];
    for (const place of writes) written.set(place, Math.max(at, written.get(place) ?? -1));
    for (const place of [...reads, ...writes]) touched.set(place, Math.max(at, touched.get(place) ?? -1));
  }
  return groups;
}

/** What a command reads and writes; whole buffers where they are not the step's own. */
function accessOf(command: Command): Record<'reads' | 'writes', object[]> {
  const placeOf = (resource: Resource) => ('buffer' in resource ? resource.buffer : resource);
  const [reads, writes] =
    command.kind === 'dispatch'
      ? [command.resources, command.writes]
      : [command.parts.map(({ source }) => source), [command.target]];
  return { reads: reads.map(placeOf), writes: writes.map(placeOf) };
}

const partsOf = (commands: Command[]): Part[] =>
  commands.flatMap((command) => (command.kind === 'dispatch' && command.part ? command.part : []));

function joins(group: Command[], command: Command, fit: (parts: Part[]) => boolean): boolean {
  const parts = partsOf([...group, command]);
  return parts.length === group.length + 1 && fit(parts);
}

function joined(group: Command[]): Command {
  if (group.length === 1) return group[0];
  const parts = partsOf(group);
  return { kind: 'dispatch', ...sideBySide(parts), writes: parts.flatMap(({ outputs }) => outputs) };
}
