import type { InferenceSession, Tensor } from 'onnxruntime-web';
import { imageTowerModel, textTowerModel } from '../onnx/towers';
import type { CreateTower, TowerEngine, TowerProblem } from './tower';

export const ONNX_TOWERS: Record<string, CreateTower> = {
  'onnx-webgpu': (problem) => createTower(problem, 'webgpu'),
  'onnx-wasm': (problem) => createTower(problem, 'wasm'),
};

/** onnxruntime-web with the same weights. */
async function createTower(
  { config, tensors, batch, input }: TowerProblem,
  provider: 'webgpu' | 'wasm',
): Promise<TowerEngine> {
  const runtime =
    provider === 'webgpu' ? await import('onnxruntime-web/webgpu') : await import('onnxruntime-web/wasm');
  const model = (input.kind === 'image' ? imageTowerModel : textTowerModel)(tensors, config);
  const session: InferenceSession = await runtime.InferenceSession.create(model, {
    executionProviders: [provider],
  });
  const { imageSize } = config.vision;
  const feeds = (): Record<string, Tensor> =>
    input.kind === 'image'
      ? { pixels: new runtime.Tensor('float32', input.pixels, [batch, 3, imageSize, imageSize]) }
      : { ids: new runtime.Tensor('int32', input.ids, [batch, input.ids.length / batch]) };
  return {
    activate: async () => {},
    async encode() {
      const { features } = await session.run(feeds());
      return Float32Array.from((await features.getData()) as Float32Array);
    },
    dispose: () => session.release(),
  };
}
