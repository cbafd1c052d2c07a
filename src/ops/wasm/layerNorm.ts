import { LAYER_NORM, LAYER_NORM_INPUT_GRADIENT, LAYER_NORM_WEIGHT_GRADIENT } from '../kernels';
import { registerWasmKernel, rowsOf } from './native';

registerWasmKernel(LAYER_NORM, ({ x, weight, bias }, native, { epsilon, around }) => {
  const rows = rowsOf(x);
  const y = native.output(x.shape);
  const statistics = native.output([rows, 2]);
  native.run('layerNorm', rows, { x, weight, bias, y, statistics, width: weight.shape[0], epsilon });
  return around ? [y, statistics, native.share(x)] : [y, statistics];
});

registerWasmKernel(LAYER_NORM_INPUT_GRADIENT, ({ dy, x, weight, statistics, around }, native) => {
  const dx = native.output(x.shape);
  const given = { dy, x, weight, statistics, around, dx, width: weight.shape[0] };
  native.run('layerNormInputGradient', rowsOf(x), given);
  return dx;
});

registerWasmKernel(LAYER_NORM_WEIGHT_GRADIENT, ({ dy, x, statistics }, native) => {
  const width = x.shape[x.shape.length - 1];
  const dweight = native.output([width]);
  const dbias = native.output([width]);
  native.run('layerNormWeightGradient', width, { dy, x, statistics, dweight, dbias, rows: rowsOf(x), width });
  return [dweight, dbias];
});
