// Passes over tensors, an element by itself.
#include "activation.h"

/** dx = dy ⊙ act′(x). */
EXPORT(activationGradient)
void activation_gradient(long begin, long end, float *scratch, const float *x, const float *dy, float *dx,
                         int activation) {
  for (long i = begin; i < end; i += 4)
    store(dx + i, load(dy + i, end - i) * slope(load(x + i, end - i), activation), end - i);
}

/** AdamW in place: p ← p decay − rate m / (√v correction + ε), with the moments m and v moved towards g and g² before. */
EXPORT(adamW)
void adam_w(long begin, long end, float *scratch, float *parameter, const float *gradient, float *first, float *second,
            float beta1, float beta2, float decay, float rate, float correction, float epsilon) {
  for (long i = begin; i < end; i += 4) {
    const long count = end - i;
    const float4 g = load(gradient + i, count);
    const float4 m = splat(beta1) * load(first + i, count) + splat(1.0f - beta1) * g;
    const float4 v = splat(beta2) * load(second + i, count) + splat(1.0f - beta2) * g * g;
    const float4 root = (float4)wasm_f32x4_sqrt((v128_t)v);
    const float4 change = splat(rate) * m / (root * splat(correction) + splat(epsilon));
    store(first + i, m, count);
    store(second + i, v, count);
    store(parameter + i, load(parameter + i, count) * splat(decay) - change, count);
  }
}
