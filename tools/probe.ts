import * as tf from '@tensorflow/tfjs-core';
import { installNodeWebGPU } from '../src/cli/device';
import { startDevice } from '../src/device/start';

// Prints the name of Node's WebGPU adapter if it computes rightly; fails otherwise.
await installNodeWebGPU();
const { description } = await startDevice('webgpu');
const [sum] = await tf.tidy(() => tf.matMul(tf.ones([8, 64]), tf.ones([64, 8]))).data();
if (sum !== 64) throw new Error(`${description} computes 64 as ${sum}`);
console.log(description);
process.exit(0);
