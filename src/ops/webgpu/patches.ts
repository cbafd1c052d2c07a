import { PATCHES, registerKernel } from '../kernels';
import { oneThreadEach, runProgram } from './program';

registerKernel(PATCHES, 'webgpu', ({ pixels }, { patchSize, afterClassRow }) => {
  const [batch, channels, size] = pixels.shape;
  const grid = Math.floor(size / patchSize);
  const area = channels * patchSize * patchSize;
  const rows = grid * grid + Number(afterClassRow);
  // In fours, where patches begin and end at multiples of four.
  const together = patchSize % 4 === 0 && size % 4 === 0 ? 4 : 1;
  const items = (batch * rows * area) / together;
  const { item, ...threads } = oneThreadEach(items);
  return runProgram(
    {
      key: `patches_${together}`,
      inputs: ['Pixels'],
      vec4: together === 4 ? ['Pixels'] : [],
      outputs: [{ name: 'result', shape: [batch, rows, area], vec4: together === 4 }],
      integers: {
        items,
        channels,
        size,
        across: size / together,
        patchSize,
        patchAcross: patchSize / together,
        grid,
        rows,
        classRows: Number(afterClassRow),
      },
      ...threads,
      code: `${item}
        if (item >= uniforms.items) { return; }
        let x = item % uniforms.patchAcross;
        let y = item / uniforms.patchAcross % uniforms.patchSize;
        let row = item / (uniforms.patchAcross * uniforms.patchSize);
        let channel = row % uniforms.channels;
        let patchNumber = row / uniforms.channels % uniforms.rows - uniforms.classRows;
        let image = row / uniforms.channels / uniforms.rows;
        let pixelX = patchNumber % uniforms.grid * uniforms.patchAcross + x;
        let pixelY = patchNumber / uniforms.grid * uniforms.patchSize + y;
        let at = ((image * uniforms.channels + channel) * uniforms.size + pixelY) * uniforms.across + pixelX;
        let isPatch = patchNumber >= 0;
        result[item] = select(${together === 4 ? 'vec4<f32>()' : '0.0'}, Pixels[select(0, at, isPatch)], isPatch);`,
    },
    [pixels],
  )[0];
});
