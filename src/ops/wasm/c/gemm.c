// Matrix products of any layout, after Goto & van de Geijn (2008): b is copied a block at a time, a in strips of four rows,
// into the order in which the innermost loop reads them, and that loop keeps 4 × 8 sums in registers.
#include "gemm.h"
#include "activation.h"

#define ROWS 4
#define COLUMNS 8
/** A block of b, 256 × 512 floats, fits in the second level cache; its panels of 8 columns and a strip of a in the first. */
#define DEPTH 256
#define WIDTH 512

static inline float4 mix(float4 x, float4 y, const int high) {
  return high ? __builtin_shufflevector(x, y, 2, 6, 3, 7) : __builtin_shufflevector(x, y, 0, 4, 1, 5);
}

static inline float4 join(float4 x, float4 y, const int high) {
  return high ? __builtin_shufflevector(x, y, 2, 3, 6, 7) : __builtin_shufflevector(x, y, 0, 1, 4, 5);
}

/** Four lanes, each contiguous: 4 × 4 blocks transposed. */
static void pack_transposed(const float *x, long lane, long depth, const int width, float *packed) {
  long p = 0;
  for (; p + 4 <= depth; p += 4) {
    const float4 r0 = *(const float4 *)(x + p), r1 = *(const float4 *)(x + lane + p);
    const float4 r2 = *(const float4 *)(x + 2 * lane + p), r3 = *(const float4 *)(x + 3 * lane + p);
    const float4 low01 = mix(r0, r1, 0), high01 = mix(r0, r1, 1), low23 = mix(r2, r3, 0), high23 = mix(r2, r3, 1);
    *(float4 *)(packed + p * width) = join(low01, low23, 0);
    *(float4 *)(packed + (p + 1) * width) = join(low01, low23, 1);
    *(float4 *)(packed + (p + 2) * width) = join(high01, high23, 0);
    *(float4 *)(packed + (p + 3) * width) = join(high01, high23, 1);
  }
  for (; p < depth; p++)
    for (int r = 0; r < 4; r++) packed[p * width + r] = x[r * lane + p];
}

/** Copies `width` lanes, of which `count` exist and the others are zero, side by side for each of `depth` steps. */
static inline void pack(const float *x, long lane, long step, long count, long depth, const int width, float *packed) {
  if (count >= width && step == 1) {
    for (int r = 0; r < width; r += 4) pack_transposed(x + r * lane, lane, depth, width, packed + r);
  } else if (count >= width && lane == 1) {
    for (long p = 0; p < depth; p++)
      for (int r = 0; r < width; r += 4) *(float4 *)(packed + p * width + r) = *(const float4 *)(x + p * step + r);
  } else {
    for (long p = 0; p < depth; p++)
      for (int r = 0; r < width; r++) packed[p * width + r] = r < count ? x[r * lane + p * step] : 0;
  }
}

/** c [4, 8] (+)= a b, over packed panels. */
static inline void multiply_tile(const float *a, const float *b, long depth, float *c, long c_row, int adds) {
  float4 sums[ROWS][2];
#pragma unroll
  for (int r = 0; r < ROWS; r++) {
    sums[r][0] = adds ? *(float4 *)(c + r * c_row) : splat(0);
    sums[r][1] = adds ? *(float4 *)(c + r * c_row + 4) : splat(0);
  }
  // Unrolled, V8 runs out of registers.
#pragma nounroll
  for (long p = 0; p < depth; p++) {
    const float4 b0 = *(const float4 *)b, b1 = *(const float4 *)(b + 4);
#pragma unroll
    for (int r = 0; r < ROWS; r++) {
      const float4 x = (float4)wasm_v128_load32_splat(a + r);
      sums[r][0] = multiply_add(x, b0, sums[r][0]);
      sums[r][1] = multiply_add(x, b1, sums[r][1]);
    }
    a += ROWS;
    b += COLUMNS;
  }
#pragma unroll
  for (int r = 0; r < ROWS; r++) {
    *(float4 *)(c + r * c_row) = sums[r][0];
    *(float4 *)(c + r * c_row + 4) = sums[r][1];
  }
}

static void copy_tile(const float *from, long from_row, float *to, long to_row, long rows, long columns) {
  for (long r = 0; r < rows; r++)
    for (long j = 0; j < columns; j++) to[r * to_row + j] = from[r * from_row + j];
}

/** A tile that sticks out of c, by way of one that does not. */
static void multiply_edge(const float *a, const float *b, long depth, float *c, long c_row, int adds, long rows,
                          long columns, float *tile) {
  if (adds) copy_tile(c, c_row, tile, COLUMNS, rows, columns);
  multiply_tile(a, b, depth, tile, COLUMNS, adds);
  copy_tile(tile, COLUMNS, c, c_row, rows, columns);
}

static void finish_rows(Finish finish, float *c, long c_row, long offset, long rows, long column, long columns) {
  for (long r = 0; r < rows; r++)
    for (long j = 0; j < columns; j += 4) {
      const long i = offset + r * c_row + j, count = columns - j;
      float4 sum = load(c + i, count);
      if (finish.bias) sum += load(finish.bias + column + j, count);
      if (finish.residual) sum += load(finish.residual + i, count);
      if (finish.factors) sum *= load(finish.factors + i, count);
      if (finish.activation) {
        const Activated activated = activate(sum, finish.activation);
        store(finish.slopes + i, activated.slope, count);
        sum = activated.value;
      }
      store(c + i, sum, count);
    }
}

void multiply(Matrix a, Matrix b, float *c, long c_row, long m, long n, long k, Finish finish, float *scratch) {
  const int finishes = finish.bias || finish.residual || finish.factors || finish.activation;
  float *tile = scratch, *strip = tile + ROWS * COLUMNS, *block = strip + ROWS * DEPTH;
  for (long p = 0; p < k; p += DEPTH) {
    const long depth = smaller(DEPTH, k - p);
    for (long j = 0; j < n; j += WIDTH) {
      const long columns = smaller(WIDTH, n - j);
      for (long q = 0; q < columns; q += COLUMNS)
        pack(b.data + p * b.row + (j + q) * b.column, b.column, b.row, columns - q, depth, COLUMNS, block + q * depth);
      for (long i = 0; i < m; i += ROWS) {
        const long rows = smaller(ROWS, m - i);
        pack(a.data + i * a.row + p * a.column, a.row, a.column, rows, depth, ROWS, strip);
        for (long q = 0; q < columns; q += COLUMNS) {
          const float *panel = block + q * depth;
          float *target = c + i * c_row + j + q;
          if (rows == ROWS && columns - q >= COLUMNS) multiply_tile(strip, panel, depth, target, c_row, p > 0);
          else multiply_edge(strip, panel, depth, target, c_row, p > 0, rows, smaller(COLUMNS, columns - q), tile);
        }
        if (finishes && p + depth == k) finish_rows(finish, c, c_row, i * c_row + j, rows, j, columns);
      }
    }
  }
}

/** Rows begin … end of c [m, n] = finish(a [m, k] b [k, n]); the arguments of `finish` are null where there is none. */
EXPORT(gemm)
void gemm(long begin, long end, float *scratch, const float *a, long a_row, long a_column, const float *b, long b_row,
          long b_column, float *c, long n, long k, const float *bias, const float *residual,
          const float *factors, int activation, float *slopes) {
  const long offset = begin * n;
  const Finish finish = {bias, residual ? residual + offset : 0, factors ? factors + offset : 0,
                         activation, slopes ? slopes + offset : 0};
  multiply((Matrix){a + begin * a_row, a_row, a_column}, (Matrix){b, b_row, b_column}, c + offset, n, end - begin, n, k,
           finish, scratch);
}

/** Columns begin … end of the sums [columns] of x [rows, columns] over its rows. */
EXPORT(columnSums)
void column_sums(long begin, long end, float *scratch, const float *x, float *sums, long rows, long columns) {
  for (long j = begin; j < end; j++) sums[j] = 0;
  // Row by row, as they lie in memory; the sums stay in the first level cache.
  for (long i = 0; i < rows; i++)
    for (long j = begin; j < end; j += 4)
      store(sums + j, load(sums + j, end - j) + load(x + i * columns + j, end - j), end - j);
}
