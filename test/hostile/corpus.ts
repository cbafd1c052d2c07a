import type { HostileCase } from './case';
import { hostileImages } from './images';
import { hostileNames } from './names';
import { hostileTables } from './tables';
import { hostileTars } from './tars';
import { hostileZips } from './zips';

/** Every broken or hostile drop, the same bytes each time. Needs nothing that a browser lacks. */
export function hostileCorpus(): HostileCase[] {
  return [...hostileZips(), ...hostileTars(), ...hostileTables(), ...hostileImages(), ...hostileNames()];
}
