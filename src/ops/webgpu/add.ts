// Registers the kernel that is replaced here.
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { bindingOf, viewTensor, webgpuBackend } from '../../device/webgpu/backend';
import { currentTrace, Temporary } from '../../device/webgpu/trace';
import { oneThreadEach, runProgram } from './program';

// The tape adds the gradients that meet two by two. In a traced step a sum of few numbers is one dispatch, in the same
// order, or none where its reader adds them up itself: each costs some microseconds however little it does.

/** Sums of more numbers are left as they are: their terms would need memory until the last one is there. */
const MOST_NUMBERS = 2 ** 14;

/** Most devices bind eight buffers, and the readers of a sum want some for others. */
const MOST_TERMS = 4;

/** What the sums of a trace are sums of. */
const terms = new WeakMap<object, object[]>();

const name = { kernelName: 'Add', backendName: 'webgpu' };
const ofTfjs = tf.getKernel(name.kernelName, name.backendName);
tf.unregisterKernel(name.kernelName, name.backendName);
tf.registerKernel({
  ...name,
  kernelFunc(call) {
    const { a, b } = call.inputs;
    const isSum =
      currentTrace() && a && b && isSmall(a) && isSmall(b) && tf.util.arraysEqual(a.shape, b.shape);
    return isSum ? add(a, b) : ofTfjs.kernelFunc(call);
  },
});

const isSmall = ({ dtype, shape }: tf.TensorInfo) =>
  dtype === 'float32' && tf.util.sizeFromShape(shape) <= MOST_NUMBERS;

const resourceOf = (tensor: tf.TensorInfo): object => bindingOf(webgpuBackend(), tensor);

/**
 * What is added up in a tensor, in this order: the tensor itself where it is no sum of a traced step. Only while they
 * are read instead of the sum may it be left out. To be disposed.
 */
export function termsOf(sum: tf.TensorInfo): tf.Tensor[] {
  const resource = resourceOf(sum);
  return (terms.get(resource) ?? [resource]).map((term) => viewTensor(term, sum.shape));
}

/** Where `a` is a sum itself, this is one of all its terms, and nothing may be left that reads `a`. */
function add(a: tf.TensorInfo, b: tf.TensorInfo): tf.TensorInfo {
  const before = termsOf(a);
  const added = [...(before.length < MOST_TERMS ? before : [a]), b];
  const names = added.map((_, i) => `T${i}`);
  const items = tf.util.sizeFromShape(a.shape);
  const { item, ...threads } = oneThreadEach(items);
  const [sum] = runProgram(
    {
      key: `add_${added.length}`,
      inputs: names,
      outputs: [{ name: 'result', shape: a.shape }],
      integers: { items },
      onlyIfRead: true,
      ...threads,
      code: `${item}
        if (item >= uniforms.items) { return; }
        result[item] = ${names.map((term) => `${term}[item]`).join(' + ')};`,
    },
    added,
  );
  const resources = added.map(resourceOf);
  // What lies outside of the step may change before the sum is read.
  if (resources.every((resource) => resource instanceof Temporary)) terms.set(resourceOf(sum), resources);
  tf.dispose(before);
  return sum;
}
