#!/bin/sh
# Compiles the kernels into ../binary.ts. Needs clang and lld with wasm, 16 at least (Debian: apt install clang-16 lld-16).
set -e
cd "$(dirname "$0")"
export LC_ALL=C
wasm=$(mktemp)
# No data of its own and a stack that the caller provides: the memory is tfjs's.
compiled() {
  cat ./*.c | "${CLANG:-clang-16}" --target=wasm32 -xc -I. -O2 -fno-vectorize -fno-slp-vectorize -ffp-contract=off \
    -msimd128 "$@" -mbulk-memory -fno-builtin -nostdlib -Wall -Wextra -Wno-unused-parameter - -o "$wasm" \
    -Wl,--no-entry,--import-memory,--max-memory=4294967296,-z,stack-size=0,--export=__stack_pointer,--strip-all
  base64 -w 0 "$wasm"
}
{
  echo "// Made by c/build.sh from the sources beside it."
  echo "/** SHA-256 of the sources, which a test compares. */"
  echo "export const SOURCES = '$(cat ./*.c ./*.h | sha256sum | cut -d ' ' -f 1)';"
  echo "/** The compiled kernels, base64. */"
  echo "export const BINARY ="
  echo "  '$(compiled)';"
  echo "/** The same with relaxed vectors, whose products and sums are one instruction. */"
  echo "export const RELAXED_BINARY ="
  echo "  '$(compiled -mrelaxed-simd)';"
} > ../binary.ts
rm "$wasm"
