// Passes over tensors.
#include "vector.h"

/** Of the parts of x, `length` numbers each, the last one shorter where `size` is no multiple: the sums of their squares. */
EXPORT(sumsOfSquares)
void sums_of_squares(long begin, long end, float *scratch, const float *x, float *sums, long size, long length) {
  for (long part = begin; part < end; part++) {
    const long last = smaller((part + 1) * length, size);
    float4 sum = splat(0);
    for (long i = part * length; i < last; i += 4) {
      const float4 value = load(x + i, last - i);
      sum = multiply_add(value, value, sum);
    }
    sums[part] = sum4(sum);
  }
}

/**
 * AdamW in place: p ← p decay − rate m / (√v correction + ε), with the moments m and v moved towards g and g² before,
 * where g is the gradient times `scale`.
 */
EXPORT(adamW)
void adam_w(long begin, long end, float *scratch, float *parameter, const float *gradient, float *first, float *second,
            float scale, float beta1, float beta2, float decay, float rate, float correction, float epsilon) {
  for (long i = begin; i < end; i += 4) {
    const long count = end - i;
    const float4 g = splat(scale) * load(gradient + i, count);
    const float4 m = splat(beta1) * load(first + i, count) + splat(1.0f - beta1) * g;
    const float4 v = splat(beta2) * load(second + i, count) + splat(1.0f - beta2) * g * g;
    const float4 root = (float4)wasm_f32x4_sqrt((v128_t)v);
    const float4 change = splat(rate) * m / (root * splat(correction) + splat(epsilon));
    store(first + i, m, count);
    store(second + i, v, count);
    store(parameter + i, load(parameter + i, count) * splat(decay) - change, count);
  }
}
