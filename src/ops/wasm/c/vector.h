// Four floats at a time: loads and stores of row ends, exponentials, sums.
#pragma once
#include <wasm_simd128.h>

typedef float float4 __attribute__((vector_size(16), aligned(4), may_alias));
typedef int int4 __attribute__((vector_size(16)));

#define EXPORT(name) __attribute__((export_name(#name), used))

static inline float4 splat(float x) { return (float4){x, x, x, x}; }

/** x y + z, rounded once where the build has relaxed vectors and the processor such an instruction. */
static inline float4 multiply_add(float4 x, float4 y, float4 z) {
#ifdef __wasm_relaxed_simd__
  return (float4)__builtin_wasm_relaxed_madd_f32x4(x, y, z);
#else
  return x * y + z;
#endif
}

static inline long smaller(long a, long b) { return a < b ? a : b; }

// Not inlined: they are rare, and the binary is part of the page.

static __attribute__((noinline)) float4 load_end(const float *p, long count) {
  float4 x = splat(0);
  x[0] = p[0];
  if (count > 1) x[1] = p[1];
  if (count > 2) x[2] = p[2];
  return x;
}

static __attribute__((noinline)) void store_end(float *p, float4 x, long count) {
  p[0] = x[0];
  if (count > 1) p[1] = x[1];
  if (count > 2) p[2] = x[2];
}

/** The `count` floats at p that there are, at most four, zeros after them. */
static inline float4 load(const float *p, long count) { return count >= 4 ? *(const float4 *)p : load_end(p, count); }

/** Stores the first `count` of x, at most four. */
static inline void store(float *p, float4 x, long count) {
  if (count >= 4) *(float4 *)p = x;
  else store_end(p, x, count);
}

/** x where the mask is set, y elsewhere. */
static inline float4 choose(int4 mask, float4 x, float4 y) {
  return (float4)wasm_v128_bitselect((v128_t)x, (v128_t)y, (v128_t)mask);
}

/** x with zeros from lane `count` on. */
static inline float4 keep(float4 x, long count) {
  const int4 lanes = {0, 1, 2, 3};
  const int n = (int)smaller(count, 4);
  return choose(lanes < (int4){n, n, n, n}, x, splat(0));
}

/** The smaller and the larger of each pair; a NaN in x stays. */
static inline float4 least(float4 x, float4 y) { return (float4)wasm_f32x4_pmin((v128_t)x, (v128_t)y); }
static inline float4 most(float4 x, float4 y) { return (float4)wasm_f32x4_pmax((v128_t)x, (v128_t)y); }

static inline float sum4(float4 x) { return (x[0] + x[2]) + (x[1] + x[3]); }

/**
 * e^x to a relative 1e-7, by 2^n e^r with |r| ≤ ln(2)/2; e^r = 1 + r + r² P(r), with P fitted to a relative error
 * of 3e-9. From 88 upwards it stays at what it is there, and from −80 downwards: smaller ones make subnormal numbers, which
 * are slow.
 */
static inline float4 exp4(float4 x) {
  const float4 clamped = most(least(x, splat(88.0f)), splat(-80.0f));
  const float4 n = (float4)wasm_f32x4_nearest((v128_t)(clamped * splat(1.44269504f)));
  // ln(2) in two parts, the first short enough for n times it to be exact.
  const float4 r = (clamped - n * splat(0.693359375f)) - n * splat(-2.12194440e-4f);
  float4 p = splat(0.0013814613f);
  p = multiply_add(p, r, splat(0.00836871f));
  p = multiply_add(p, r, splat(0.04166839f));
  p = multiply_add(p, r, splat(0.16666521f));
  p = multiply_add(p, r, splat(0.49999994f));
  p = multiply_add(p, r * r, r) + splat(1.0f);
  const v128_t exponent = wasm_i32x4_shl(wasm_i32x4_trunc_sat_f32x4((v128_t)n), 23);
  return (float4)wasm_i32x4_add((v128_t)p, exponent);
}
