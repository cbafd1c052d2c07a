import { PATCHES, registerKernel } from '../kernels';
import { oneThreadEach, runProgram } from './program';

registerKernel(PATCHES, 'webgpu', ({ pixels }, { patchSize }) => {
  const [batch, channels, size] = pixels.shape;
  const grid = Math.floor(size / patchSize);
  const area = channels * patchSize * patchSize;
  const items = batch * grid * grid * area;
  const { item, ...threads } = oneThreadEach(items);
  return runProgram(
    {
      key: 'patches',
      inputs: ['Pixels'],
      outputs: [{ name: 'result', shape: [batch, grid * grid, area] }],
      integers: { items, channels, size, patchSize, grid },
      ...threads,
      code: `${item}
        if (item >= uniforms.items) { return; }
        let x = item % uniforms.patchSize;
        let y = item / uniforms.patchSize % uniforms.patchSize;
        let channel = item / (uniforms.patchSize * uniforms.patchSize) % uniforms.channels;
        let patchNumber = item / (uniforms.patchSize * uniforms.patchSize * uniforms.channels);
        let column = patchNumber % uniforms.grid * uniforms.patchSize + x;
        let row = patchNumber / uniforms.grid % uniforms.grid * uniforms.patchSize + y;
        let image = patchNumber / (uniforms.grid * uniforms.grid);
        result[item] = Pixels[((image * uniforms.channels + channel) * uniforms.size + row) * uniforms.size + column];`,
    },
    [pixels],
  )[0];
});
