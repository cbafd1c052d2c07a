import { InputError } from '../files/folder';
import type { SafetensorsFile } from '../files/safetensors';
import { elementCount } from '../files/tensors';
import type { TimmFamily } from './families/families';
import { openClipPlace } from './openclip';
import type { Place } from './place';

/** Types that weights can have. */
const FLOATS = ['F32', 'F16', 'BF16'];

/** A checkpoint's weights in its files, under the names of Hugging Face's CLIPModel. */
export class StoredWeights {
  readonly isOpenClip: boolean;
  /** All tensors' names as the files have them, less what all begin with. */
  readonly storedNames: ReadonlySet<string>;
  private readonly prefix: string;
  private readonly placeOf: (name: string) => Place;

  /** @param family of an image tower of timm's within open_clip's layout */
  constructor(
    private readonly files: SafetensorsFile[],
    family?: TimmFamily,
  ) {
    const names = files.flatMap(({ entries }) => [...entries.keys()]);
    this.prefix = wrapperPrefix(names);
    this.storedNames = new Set(names.map((name) => name.slice(this.prefix.length)));
    this.isOpenClip = family !== undefined || this.storedNames.has('visual.conv1.weight');
    const textPrefix = this.storedNames.has('text.token_embedding.weight') ? 'text.' : '';
    this.placeOf = (name) => {
      if (family && /^(vision_model|visual_projection)\./.test(name)) return family.place(name);
      return this.isOpenClip ? openClipPlace(name, textPrefix) : { name };
    };
  }

  /** The shape that the model's tensor `name` has; undefined where it is missing. */
  shapeOf(name: string): number[] | undefined {
    const { third, followedBy, isTransposed, leadingAxes = 0 } = this.placeOf(name);
    const stored = this.find(name)?.entry.shape;
    if (!stored) return undefined;
    // Some files hold the one number as a list of one.
    if (name === 'logit_scale' && elementCount(stored) === 1) return [];
    const shape = stored.slice(leadingAxes);
    if (followedBy !== undefined) {
      const [rows = 0] = this.findStored(followedBy)?.entry.shape ?? [];
      return [shape[0] + rows, ...shape.slice(1)];
    }
    if (third !== undefined) return [shape[0] / 3, ...shape.slice(1)];
    return isTransposed ? shape.toReversed() : shape;
  }

  /** How the file holds it: 'F32', 'F16', 'BF16'. */
  dtypeOf(name: string): string | undefined {
    return this.find(name)?.entry.dtype;
  }

  isFloat(name: string): boolean {
    return FLOATS.includes(this.dtypeOf(name) ?? '');
  }

  async *pieces(name: string): AsyncGenerator<Float32Array> {
    const found = this.find(name);
    if (!found) return;
    const { file, key, entry } = found;
    const { third, followedBy, isTransposed, isZero } = this.placeOf(name);
    if (isZero) yield new Float32Array(elementCount(entry.shape));
    else if (isTransposed) {
      const { shape, data } = await file.read(key);
      yield transpose(data, shape);
    } else if (third !== undefined) {
      const size = elementCount(entry.shape) / 3;
      yield* file.floats(key, third * size, (third + 1) * size);
    } else yield* file.floats(key);
    const rest = followedBy && this.findStored(followedBy);
    if (rest) yield* rest.file.floats(rest.key);
  }

  /** How many stored tensors none of these model tensors is read from, the lists of positions aside. */
  countUnused(names: Iterable<string>): number {
    const used = new Set(
      Array.from(names, (name) => this.placeOf(name)).flatMap(({ name, followedBy }) => [name, followedBy]),
    );
    return [...this.storedNames].filter((name) => !used.has(name) && !/position_ids$|attn_mask$/.test(name))
      .length;
  }

  private find(name: string) {
    return this.findStored(this.placeOf(name).name);
  }

  private findStored(name: string) {
    const place = this.prefix + name;
    for (const file of this.files) {
      // Of tensors that are the same, safetensors stores one, and notes its name under the others'.
      const key = file.entries.has(place) ? place : file.metadata[place];
      const entry = file.entries.get(key);
      if (entry) return { file, key, entry };
    }
    return undefined;
  }
}

/** What wrappers put before all names (`module.`, `_orig_mod.`, `base_model.model.`); empty where there is none. */
function wrapperPrefix(names: string[]): string {
  const wrapped = names.map((name) => /^(.*?\.)(visual|vision_model)\./.exec(name)).find(Boolean);
  const prefix = wrapped?.[1] ?? '';
  return names.every((name) => name.startsWith(prefix)) ? prefix : '';
}

function transpose(data: Float32Array | Int32Array, [rows, columns]: number[]): Float32Array {
  const result = new Float32Array(data.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      result[column * rows + row] = data[row * columns + column];
  return result;
}

/**
 * @param shapes of all tensors of the model
 * @throws InputError naming the first few tensors that are missing or of the wrong shape, and how many there are
 */
export function checkShapes(shapes: Map<string, number[]>, weights: StoredWeights, where: string): void {
  const problems: string[] = [];
  for (const [name, shape] of shapes) {
    const found = weights.shapeOf(name);
    if (!found) problems.push(`${name} of shape [${shape}] is missing`);
    else if (String(found) !== String(shape))
      problems.push(`${name} has shape [${found}] instead of [${shape}]`);
    else if (!weights.isFloat(name))
      problems.push(`${name} is of type ${weights.dtypeOf(name)} instead of F32, F16 or BF16`);
  }
  if (problems.length === 0) return;
  if (!weights.shapeOf('logit_scale') && shapes.has('logit_scale') && problems.length === 1)
    throw new InputError(
      `${where} lacks only logit_scale, the scale that CLIP multiplies similarities with; save the whole CLIPModel again, with it.`,
    );
  const more = problems.length > 3 ? `; and ${problems.length - 3} more of ${shapes.size} tensors` : '';
  throw new InputError(
    `${where}: the weights do not fit its configuration: ${problems.slice(0, 3).join('; ')}${more}.`,
  );
}
