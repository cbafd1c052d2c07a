// Registers the kernel that is replaced here.
import '@tensorflow/tfjs-backend-wasm';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

// tfjs's own copies the numbers, of all that the tape keeps too. Clones share them here, as on WebGPU.

const name = { kernelName: tf.Identity, backendName: 'wasm' };
tf.unregisterKernel(name.kernelName, name.backendName);
tf.registerKernel({
  ...name,
  kernelFunc({ inputs, backend }) {
    const { dataId, shape, dtype } = inputs['x'] as tf.TensorInfo;
    (backend as BackendWasm).incRef(dataId);
    return { dataId, shape, dtype };
  },
});
