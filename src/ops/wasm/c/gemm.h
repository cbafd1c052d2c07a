#pragma once
#include "vector.h"

/** A matrix in memory: element (i, j) is at data[i * row + j * column]. */
typedef struct {
  const float *data;
  long row, column;
} Matrix;

/** What happens to a finished row of a product, each if there is such: + bias + residual, times factors, the activation. */
typedef struct {
  const float *bias;
  /** Laid out as the product. */
  const float *residual;
  /** Laid out as the product. */
  const float *factors;
  /** 0 for none. */
  int activation;
  /** Where the activation's slopes go, laid out as the product. */
  float *slopes;
} Finish;

/** Floats of scratch memory that `multiply` needs. */
#define GEMM_SCRATCH (32 + 4 * 256 + 256 * 512)

/** c [m, n], whose rows are c_row apart, = a [m, k] b [k, n]. */
void multiply(Matrix a, Matrix b, float *c, long c_row, long m, long n, long k, Finish finish, float *scratch);
