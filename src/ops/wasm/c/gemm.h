#pragma once
#include "vector.h"

/** A matrix in memory: element (i, j) is at data[i * row + j * column]. */
typedef struct {
  const float *data;
  long row, column;
} Matrix;

/** What happens to a finished row of a product: + bias (if any) + residual (if any), then the activation or its slope. */
typedef struct {
  const float *bias;
  /** Laid out as the product. */
  const float *residual;
  /** Where the sum before the activation goes, laid out as the product. */
  float *before;
  /** Where the activation's slope is taken, which the sum is multiplied by then; laid out as the product. */
  const float *slope_at;
  int activation;
} Finish;

/** Floats of scratch memory that `multiply` needs. */
#define GEMM_SCRATCH (32 + 4 * 256 + 256 * 512)

/** c [m, n], whose rows are c_row apart, = a [m, k] b [k, n]. */
void multiply(Matrix a, Matrix b, float *c, long c_row, long m, long n, long k, Finish finish, float *scratch);
