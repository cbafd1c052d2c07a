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
 * Finds buffers for a step's temporaries, the largest first: each shares the smallest that is free for as long as it
 * lives, from the first command that touches it to the last (Pisarchyk & Lee 2020, “Efficient memory management for
 * deep neural net inference”). Two that one dispatch touches never share a buffer.
 *
 * @param kept must hold to the end of the step
 */
export function planMemory(commands: Command[], kept: Resource[]): MemoryPlan {
  const inside = packedInPlace(commands, kept);
  const lives = new Map<Temporary, Life>();
  const touch = (resource: Resource, at: number) => {
    const temporary = resource instanceof Temporary && (inside.get(resource)?.target ?? resource);
    if (temporary) lives.set(temporary, { first: lives.get(temporary)?.first ?? at, last: at });
  };
  for (const [i, command] of commands.entries())
    for (const resource of resourcesOf(command)) touch(resource, i);
  for (const resource of kept) touch(resource, commands.length);

  const slots: Slot[] = [];
  const placed = new Map<Temporary, number>();
  for (const [temporary, life] of [...lives].sort(([a], [b]) => b.bytes - a.bytes)) {
    // Slots come largest first too, so that of those which are free the last is the smallest.
    let slot = slots.length - 1;
    while (slot >= 0 && !slots[slot].take(life)) slot--;
    if (slot < 0) slot = slots.push(new Slot(temporary.bytes, life)) - 1;
    placed.set(temporary, slot);
  }
  return { slots: slots.map(({ bytes }) => bytes), placed, inside };
}

/** The first and the last command that touch a temporary. */
interface Life {
  first: number;
  last: number;
}

/** A buffer, and the lives of those that have it one after the other. */
class Slot {
  private readonly lives: Life[];

  constructor(
    readonly bytes: number,
    life: Life,
  ) {
    this.lives = [life];
  }

  /** Whether it was free for so long; it is taken then. */
  take(life: Life): boolean {
    const { lives } = this;
    let [low, high] = [0, lives.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (lives[middle].last < life.first) low = middle + 1;
      else high = middle;
    }
    if (lives[low] && lives[low].first <= life.last) return false;
    lives.splice(low, 0, life);
    return true;
  }
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
