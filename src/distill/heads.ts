import { InputError } from '../files/folder';
import { Random } from '../files/random';
import type { HostTensor, HostTensors } from '../files/tensors';
import type { TensorFile } from './tensorFile';

/** Statistics that the batch norm keeps; no gradient goes to them. */
export const RUNNING_MEAN = 'projector.bn.running_mean';
export const RUNNING_VARIANCE = 'projector.bn.running_var';

/** The metadata of `heads.safetensors`: whether its EduAttention has been trained, and so takes part at inference. */
export function headsMetadata(eduAttention: boolean): Record<string, string> {
  return { eduAttention: String(eduAttention) };
}

/** Whether heads with this metadata use EduAttention at inference; those of other origin do. */
export function hasEduAttention(metadata: Record<string, string>): boolean {
  return metadata['eduAttention'] !== 'false';
}

const LINEARS = ['projector.fc1', 'projector.fc2', 'edu.q', 'edu.k', 'edu.v'];

/**
 * Starting values: linear layers as PyTorch's `nn.Linear` (uniform ±1/√in), the batch norm an identity, α = 0.
 *
 * @param d_s features of the student's image tower
 * @param d features of the teacher, and EduAttention's size C
 */
export function initialHeads(d_s: number, d: number, seed: number): HostTensors {
  const random = new Random(seed);
  const heads: HostTensors = {
    'projector.bn.weight': filled(d, 1),
    'projector.bn.bias': filled(d, 0),
    'projector.bn.running_mean': filled(d, 0),
    'projector.bn.running_var': filled(d, 1),
    'edu.alpha': { shape: [], data: new Float32Array(1) },
  };
  for (const name of LINEARS) {
    const inputs = name === 'projector.fc1' ? d_s : d;
    heads[`${name}.weight`] = uniform(random, [d, inputs], inputs ** -0.5);
    heads[`${name}.bias`] = uniform(random, [d], inputs ** -0.5);
  }
  return heads;
}

/**
 * Takes the heads' tensors out of a file's.
 *
 * @throws InputError naming the tensor that is missing or of another shape than these two models need
 */
export function checkHeads({ name: file, tensors }: TensorFile, d_s: number, d: number): HostTensors {
  const C = tensors['edu.q.weight']?.shape[0] ?? d;
  const heads: HostTensors = {};
  for (const [name, { shape }] of Object.entries(initialHeads(d_s, d, 0))) {
    const expected = /^edu\.[qk]\./.test(name) ? [C, ...shape.slice(1)] : shape;
    const tensor = tensors[name];
    if (tensor?.shape.join() !== expected.join()) {
      const found = tensor ? `has the shape [${tensor.shape}]` : 'is missing';
      throw new InputError(
        `${file}: ${name} ${found}; for this teacher and student it must be [${expected}].`,
      );
    }
    heads[name] = tensor;
  }
  return heads;
}

function filled(size: number, value: number): HostTensor {
  return { shape: [size], data: new Float32Array(size).fill(value) };
}

function uniform(random: Random, shape: number[], bound: number): HostTensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return { shape, data: Float32Array.from({ length: size }, () => (2 * random.uniform() - 1) * bound) };
}
