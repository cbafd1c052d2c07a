// Multi-head attention over qkv [batch, tokens, 3 width]: queries, keys and values side by side, heads side by side in each.
// One head at a time, whose [tokens, tokens] scores are in scratch memory.
#include "gemm.h"

__attribute__((import_module("env"), import_name("log"))) double log_of(double x);

static const Finish AS_IT_IS = {0, 0, 0, 0, 0};

/** Where one head of one item of the batch lies. */
typedef struct {
  Matrix q, k, v;
  /** Of the head in qkv and in [batch, tokens, width]. */
  long offset, mixed_offset;
  float scale;
} Head;

static inline Head head_at(long index, const float *qkv, long tokens, long width, long heads) {
  const long size = width / heads, item = index / heads, column = index % heads * size;
  const long offset = item * tokens * 3 * width + column;
  const float *q = qkv + offset;
  return (Head){{q, 3 * width, 1},
                {q + width, 3 * width, 1},
                {q + 2 * width, 3 * width, 1},
                offset,
                item * tokens * width + column,
                1.0f / __builtin_sqrtf((float)size)};
}

static inline Matrix transposed(Matrix x) { return (Matrix){x.data, x.column, x.row}; }

/** Keys that the query at `row` sees. */
static inline long seen(long row, long tokens, int causal) { return causal ? row + 1 : tokens; }

static inline void clear(float *x, long count) {
  for (long j = 0; j < count; j += 4) store(x + j, splat(0), count - j);
}

static inline float maximum(const float *x, long count) {
  float4 four = splat(x[0]);
  long j = 0;
  for (; j + 4 <= count; j += 4) four = most(four, *(const float4 *)(x + j));
  for (; j < count; j++) four = most(four, splat(x[j]));
  four = most(four, __builtin_shufflevector(four, four, 2, 3, 0, 1));
  return most(four, __builtin_shufflevector(four, four, 1, 0, 3, 2))[0];
}

/** Turns a row of products q kᵀ into softmax(scale · products); returns the log of the sum of the exponentials. */
static float softmax_row(float *row, long count, float scale) {
  const float largest = maximum(row, count);
  float4 sums = splat(0);
  for (long j = 0; j < count; j += 4) {
    const float4 e = keep(exp4((load(row + j, count - j) - splat(largest)) * splat(scale)), count - j);
    store(row + j, e, count - j);
    sums += e;
  }
  const float sum = sum4(sums);
  for (long j = 0; j < count; j += 4) store(row + j, load(row + j, count - j) * splat(1.0f / sum), count - j);
  return largest * scale + (float)log_of(sum);
}

/** Heads begin … end of all items; needs tokens² floats of scratch memory more than `multiply`. */
EXPORT(attention)
void attention(long begin, long end, float *scratch, const float *qkv, float *mixed, float *log_sums, long tokens,
               long width, long heads, int causal) {
  const long size = width / heads;
  float *scores = scratch + GEMM_SCRATCH;
  for (long index = begin; index < end; index++) {
    const Head head = head_at(index, qkv, tokens, width, heads);
    multiply(head.q, transposed(head.k), scores, tokens, tokens, tokens, size, AS_IT_IS, scratch);
    for (long i = 0; i < tokens; i++) {
      const long count = seen(i, tokens, causal);
      log_sums[index * tokens + i] = softmax_row(scores + i * tokens, count, head.scale);
      clear(scores + i * tokens + count, tokens - count);
    }
    multiply((Matrix){scores, tokens, 1}, head.v, mixed + head.mixed_offset, width, tokens, size, tokens, AS_IT_IS,
             scratch);
  }
}

/**
 * A row of scores and one of dP = dy vᵀ, in place: P = softmax(scores) from the log of its sum, and
 * dS = P ⊙ (dP − dy · mixed) scale.
 */
static inline void gradient_row(float *scores, float *dp, long count, float scale, float log_sum, float dot) {
  for (long j = 0; j < count; j += 4) {
    const float4 p = exp4(load(scores + j, count - j) * splat(scale) - splat(log_sum));
    store(scores + j, p, count - j);
    store(dp + j, p * (load(dp + j, count - j) - splat(dot)) * splat(scale), count - j);
  }
}

static inline float dot_product(const float *x, const float *y, long count) {
  float4 sum = splat(0);
  for (long j = 0; j < count; j += 4) sum = multiply_add(load(x + j, count - j), load(y + j, count - j), sum);
  return sum4(sum);
}

/** Heads begin … end of all items; needs 2 tokens² floats of scratch memory more than `multiply`. */
EXPORT(attentionGradient)
void attention_gradient(long begin, long end, float *scratch, const float *dy, const float *qkv, const float *mixed,
                        const float *log_sums, float *dqkv, long tokens, long width, long heads, int causal) {
  const long size = width / heads;
  float *p = scratch + GEMM_SCRATCH, *ds = p + tokens * tokens;
  const Matrix probabilities = {p, tokens, 1}, gradient = {ds, tokens, 1};
  for (long index = begin; index < end; index++) {
    const Head head = head_at(index, qkv, tokens, width, heads);
    const Matrix out = {dy + head.mixed_offset, width, 1};
    multiply(head.q, transposed(head.k), p, tokens, tokens, tokens, size, AS_IT_IS, scratch);
    multiply(out, transposed(head.v), ds, tokens, tokens, tokens, size, AS_IT_IS, scratch);
    for (long i = 0; i < tokens; i++) {
      const long count = seen(i, tokens, causal), row = i * tokens;
      const float dot = dot_product(out.data + i * width, mixed + head.mixed_offset + i * width, size);
      gradient_row(p + row, ds + row, count, head.scale, log_sums[index * tokens + i], dot);
      clear(p + row + count, tokens - count);
      clear(ds + row + count, tokens - count);
    }
    float *target = dqkv + head.offset;
    multiply(gradient, head.k, target, 3 * width, tokens, size, tokens, AS_IT_IS, scratch);
    multiply(transposed(gradient), head.q, target + width, 3 * width, tokens, size, tokens, AS_IT_IS, scratch);
    multiply(transposed(probabilities), out, target + 2 * width, 3 * width, tokens, size, tokens, AS_IT_IS, scratch);
  }
}
