// Layer normalisation of the rows of x [rows, width]; statistics [rows, 2] holds each row's mean and 1/√(variance + ε).
#include "vector.h"

/** The sums over a row of x − shift and of its square. */
static inline void moments(const float *x, long width, float shift, float *sum, float *squares) {
  float4 s = splat(0), q = splat(0);
  for (long j = 0; j < width; j += 4) {
    const float4 centred = keep(load(x + j, width - j) - splat(shift), width - j);
    s += centred;
    q = multiply_add(centred, centred, q);
  }
  *sum = sum4(s);
  *squares = sum4(q);
}

EXPORT(layerNorm)
void layer_norm(long begin, long end, float *scratch, const float *x, const float *weight, const float *bias, float *y,
                float *statistics, long width, float epsilon) {
  for (long row = begin; row < end; row++) {
    const float *in = x + row * width;
    float *out = y + row * width;
    float sum, squares;
    moments(in, width, 0, &sum, &squares);
    const float mean = sum / width;
    moments(in, width, mean, &sum, &squares);
    const float scale = 1.0f / __builtin_sqrtf(squares / width + epsilon);
    for (long j = 0; j < width; j += 4) {
      const long count = width - j;
      const float4 n = (load(in + j, count) - splat(mean)) * splat(scale);
      store(out + j, n * load(weight + j, count) + load(bias + j, count), count);
    }
    statistics[2 * row] = mean;
    statistics[2 * row + 1] = scale;
  }
}

/** With g = dy ⊙ weight and n = (x − mean) scale: dx = scale (g − mean(g) − n mean(g ⊙ n)) + around (if any). */
EXPORT(layerNormInputGradient)
void layer_norm_input_gradient(long begin, long end, float *scratch, const float *dy, const float *x,
                               const float *weight, const float *statistics, const float *around, float *dx,
                               long width) {
  for (long row = begin; row < end; row++) {
    const long start = row * width;
    const float *in = x + start, *gradient = dy + start;
    const float4 mean = splat(statistics[2 * row]), scale = splat(statistics[2 * row + 1]);
    float4 sum_g = splat(0), sum_gn = splat(0);
    for (long j = 0; j < width; j += 4) {
      const float4 g = load(gradient + j, width - j) * load(weight + j, width - j);
      sum_g += g;
      sum_gn += g * (load(in + j, width - j) - mean) * scale;
    }
    const float4 mean_g = splat(sum4(sum_g) / width), mean_gn = splat(sum4(sum_gn) / width);
    for (long j = 0; j < width; j += 4) {
      const float4 g = load(gradient + j, width - j) * load(weight + j, width - j);
      const float4 n = (load(in + j, width - j) - mean) * scale;
      const float4 added = around ? load(around + start + j, width - j) : splat(0);
      store(dx + start + j, scale * (g - mean_g - n * mean_gn) + added, width - j);
    }
  }
}

/** Columns begin … end of dweight = Σ dy ⊙ n and dbias = Σ dy over the rows. */
EXPORT(layerNormWeightGradient)
void layer_norm_weight_gradient(long begin, long end, float *scratch, const float *dy, const float *x,
                                const float *statistics, float *dweight, float *dbias, long rows, long width) {
  for (long j = begin; j < end; j += 4) {
    const long count = end - j;
    float4 weight = splat(0), bias = splat(0);
    for (long row = 0; row < rows; row++) {
      const float4 g = load(dy + row * width + j, count);
      const float4 centred = load(x + row * width + j, count) - splat(statistics[2 * row]);
      weight += g * centred * splat(statistics[2 * row + 1]);
      bias += g;
    }
    store(dweight + j, weight, count);
    store(dbias + j, bias, count);
  }
}
