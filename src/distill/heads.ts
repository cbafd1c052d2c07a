import { InputError } from '../files/folder';
import { Random } from '../files/random';
import type { HostTensor, HostTensors } from '../files/tensors';

/** Statistics that the batch norm keeps; no gradient goes to them. */
export const RUNNING_MEAN = 'projector.bn.running_mean';
export const RUNNING_VARIANCE = 'projector.bn.running_var';

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
 * Takes the heads' tensors out of a file's, in float32.
 *
 * @throws InputError naming the tensor that is missing or of another shape than these two models need
 */
export function checkHeads(tensors: HostTensors, d_s: number, d: number, file: string): HostTensors {
  const C = tensors['edu.q.weight']?.shape[0] ?? d;
  const heads: HostTensors = {};
  for (const [name, { shape }] of Object.entries(initialHeads(d_s, d, 0))) {
    const expected = /^edu\.[qk]\./.test(name) ? [C, ...shape.slice(1)] : shape;
    heads[name] = checkShape(tensors, name, expected, file);
  }
  return heads;
}

/** The tensor of this name, or an error that says what shape it should have. */
export function checkShape(tensors: HostTensors, name: string, expected: number[], file: string): HostTensor {
  const tensor = tensors[name];
  const want = `[${expected.join(', ')}]`;
  if (!tensor) throw new InputError(`${file}: the tensor ${name} is missing; its shape should be ${want}`);
  if (tensor.shape.join() !== expected.join())
    throw new InputError(
      `${file}: ${name} has the shape [${tensor.shape.join(', ')}]; for this teacher and student it should be ${want}`,
    );
  return tensor;
}

function filled(size: number, value: number): HostTensor {
  return { shape: [size], data: new Float32Array(size).fill(value) };
}

function uniform(random: Random, shape: number[], bound: number): HostTensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return { shape, data: Float32Array.from({ length: size }, () => (2 * random.uniform() - 1) * bound) };
}
