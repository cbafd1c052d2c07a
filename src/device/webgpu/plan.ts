import { type Command, type Resource, Temporary } from './trace';

export interface MemoryPlan {
  /** Sizes in bytes of the buffers that the temporaries share, one after the other. */
  slots: number[];
  /** Which of them each temporary has while it lives. */
  placed: Map<Temporary, number>;
  /** Temporaries that are written right where a pack wants them. */
  inside: Map<Temporary, { target: Temporary; offset: number }>;
}

/**
 * Finds buffers for a step's temporaries: one is given back after the last command that touches it and taken by the
 * next that fits, best fit first, or grown. Two that one dispatch touches never share a buffer.
 *
 * @param kept must hold to the end of the step
 */
export function planMemory(commands: Command[], kept: Resource[]): MemoryPlan {
  const inside = packedInPlace(commands, kept);
  const owner = (resource: Resource) =>
    resource instanceof Temporary ? (inside.get(resource)?.target ?? resource) : undefined;
  const touched = commands.map((command) => [
    ...new Set(resourcesOf(command).flatMap((resource) => owner(resource) ?? [])),
  ]);
  const lastUse = new Map<Temporary, number>();
  for (const [i, temporaries] of touched.entries()) for (const one of temporaries) lastUse.set(one, i);
  for (const resource of kept) {
    const temporary = owner(resource);
    if (temporary) lastUse.set(temporary, commands.length);
  }

  const slots: number[] = [];
  const placed = new Map<Temporary, number>();
  const free = new Set<number>();
  for (const [i, temporaries] of touched.entries()) {
    for (const temporary of temporaries) {
      if (placed.has(temporary)) continue;
      const slot = takeSlot(slots, free, temporary.bytes);
      placed.set(temporary, slot);
    }
    for (const temporary of temporaries)
      if (lastUse.get(temporary) === i) free.add(placed.get(temporary) ?? 0);
  }
  return { slots, placed, inside };
}

/** The smallest free slot that is large enough, else the largest grown, else a new one. */
function takeSlot(slots: number[], free: Set<number>, bytes: number): number {
  const bySize = [...free].sort((a, b) => slots[a] - slots[b]);
  const slot = bySize.find((one) => slots[one] >= bytes) ?? bySize.at(-1) ?? slots.length;
  slots[slot] = Math.max(slots[slot] ?? 0, bytes);
  free.delete(slot);
  return slot;
}

function resourcesOf(command: Command): Resource[] {
  if (command.kind === 'dispatch') return command.resources;
  return [command.target, ...command.parts.map(({ source }) => source)];
}

/**
 * The packs' parts that no dispatch reads and nobody wants elsewhere, so that they can be written in place.
 * (WebGPU forbids a dispatch to read and write parts of the same buffer.)
 */
function packedInPlace(commands: Command[], kept: Resource[]): MemoryPlan['inside'] {
  const uses = new Map<Resource, number>();
  for (const resource of [...commands.flatMap(resourcesOf), ...kept])
    uses.set(resource, (uses.get(resource) ?? 0) + 1);
  const inside: MemoryPlan['inside'] = new Map();
  for (const command of commands) {
    if (command.kind !== 'pack') continue;
    // Once where it is written, once in the pack.
    for (const { source, offset } of command.parts)
      if (source instanceof Temporary && uses.get(source) === 2)
        inside.set(source, { target: command.target, offset });
  }
  return inside;
}
