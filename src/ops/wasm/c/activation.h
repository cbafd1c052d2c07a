#pragma once
#include "vector.h"

enum { NONE, QUICK_GELU, GELU, GELU_TANH };

/** Φ of the normal distribution at z ≤ 0, whose e^(−z²/2) is given: that times a polynomial in 1/(1 + 0.3 |z|), fitted to 5e-9. */
static inline float4 normal_tail(float4 z, float4 bell) {
  const float4 s = splat(1.0f) / (splat(1.0f) - splat(0.3f) * z);
  float4 p = splat(0.037003934f);
  p = multiply_add(p, s, splat(-0.24286285f));
  p = multiply_add(p, s, splat(0.51862115f));
  p = multiply_add(p, s, splat(-0.30516535f));
  p = multiply_add(p, s, splat(0.29546249f));
  p = multiply_add(p, s, splat(0.07218378f));
  p = multiply_add(p, s, splat(0.12475687f));
  return bell * p * s;
}

/** Φ(x), given e^(−x²/2). */
static inline float4 normal(float4 x, float4 bell) {
  const float4 tail = normal_tail(least(x, -x), bell);
  return choose(x < splat(0), tail, splat(1.0f) - tail);
}

static inline float4 bell(float4 x) { return exp4(splat(-0.5f) * x * x); }

static inline float4 sigmoid(float4 x) { return splat(1.0f) / (splat(1.0f) + exp4(-x)); }

/** (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2. */
static inline float4 tanh_gate(float4 x) {
  return sigmoid(splat(1.5957691216f) * x * (splat(1.0f) + splat(0.044715f) * x * x));
}

/** An activation and its slope at the same place, which share their exponential. */
typedef struct {
  float4 value, slope;
} Activated;

static inline Activated activate(float4 x, int activation) {
  if (activation == QUICK_GELU) {
    const float4 s = sigmoid(splat(1.702f) * x);
    return (Activated){x * s, s + splat(1.702f) * x * s * (splat(1.0f) - s)};
  }
  if (activation == GELU_TANH) {
    const float4 s = tanh_gate(x);
    const float4 inner = splat(1.5957691216f) * (splat(1.0f) + splat(0.134145f) * x * x);
    return (Activated){x * s, s + x * s * (splat(1.0f) - s) * inner};
  }
  const float4 e = bell(x), s = normal(x, e);
  return (Activated){x * s, s + x * e * splat(0.39894228f)};
}
