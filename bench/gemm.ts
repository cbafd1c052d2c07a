import { flopOf, linearFlop, type StepProducts } from './products';
import type { GemmRoof } from './result';
import { spreadOf } from './statistics';

/** Where the contraction runs: NT: A[m,k] B[n,k]; NN: A[m,k] B[k,n]; TN: A[k,m] B[k,n]. */
type Layout = 'NT' | 'NN' | 'TN';

export interface Gemm {
  layout: Layout;
  m: number;
  n: number;
  k: number;
}

/** A product, ready to be computed again and again. */
export interface PreparedGemm {
  /** Computes it so many times; resolves when the device is done. */
  run(times: number): Promise<void>;
  dispose(): void;
}

/** Some way to multiply matrices on this adapter. */
export interface GemmCandidate {
  name: string;
  /** Makes its backend the one that is used from now on. */
  activate(): Promise<void>;
  prepare(gemm: Gemm): PreparedGemm;
}

/** Products with less of the step's work than this are left out. */
const LEAST_SHARE = 0.02;

/** A measurement takes at least this, or so many products. */
const SECONDS = 0.05;
const MOST_TIMES = 256;

interface Entry {
  gemm: Gemm;
  /** How often a step has it. */
  count: number;
  /** Operations a second by candidate, one a round. */
  rates: Map<string, number[]>;
}

/** The rates of a step's own matrix products, by every candidate. */
export class GemmRates {
  private readonly entries: Entry[];

  constructor(
    private readonly shape: string,
    products: StepProducts,
    private readonly candidates: GemmCandidate[],
  ) {
    this.entries = largestGemms(products);
  }

  async round(): Promise<void> {
    for (const candidate of this.candidates) {
      await candidate.activate();
      for (const { gemm, rates } of this.entries) {
        const rate = await measure(candidate, gemm);
        rates.set(candidate.name, [...(rates.get(candidate.name) ?? []), rate]);
      }
    }
  }

  roof(): GemmRoof {
    const products = this.entries.map(({ gemm, count, rates }) => {
      const medians = [...rates].map(([candidate, values]) => ({
        candidate,
        flops: spreadOf(values).median,
      }));
      const best = medians.reduce((a, b) => (b.flops > a.flops ? b : a));
      return { product: describe(gemm), ...best, flop: count * flopOfGemm(gemm) };
    });
    const fastest = products.reduce((a, b) => (b.flops > a.flops ? b : a));
    const flop = products.reduce((sum, product) => sum + product.flop, 0);
    const seconds = products.reduce((sum, product) => sum + product.flop / product.flops, 0);
    return {
      shape: this.shape,
      flops: fastest.flops,
      product: fastest.product,
      candidate: fastest.candidate,
      products: products.map(({ product, candidate, flops }) => ({ product, candidate, flops })),
      mixedFlops: flop / seconds,
    };
  }
}

const flopOfGemm = ({ m, n, k }: Gemm) => 2 * m * n * k;

const describe = ({ layout, m, n, k }: Gemm) => `${layout} ${m}×${n}×${k}`;

function largestGemms(products: StepProducts): Entry[] {
  const least = LEAST_SHARE * flopOf(products);
  const entries = new Map<string, Entry>();
  for (const linear of products.linears) {
    if (linear.count * linearFlop(linear) < least) continue;
    const { rows, in: inner, out, inputGradient, weightGradient, count } = linear;
    const gemms: Gemm[] = [{ layout: 'NT', m: rows, n: out, k: inner }];
    if (inputGradient) gemms.push({ layout: 'NN', m: rows, n: inner, k: out });
    if (weightGradient) gemms.push({ layout: 'TN', m: out, n: inner, k: rows });
    for (const gemm of gemms) {
      const entry = entries.get(describe(gemm)) ?? { gemm, count: 0, rates: new Map() };
      entries.set(describe(gemm), { ...entry, count: entry.count + count });
    }
  }
  return [...entries.values()];
}

async function measure(candidate: GemmCandidate, gemm: Gemm): Promise<number> {
  const prepared = candidate.prepare(gemm);
  try {
    for (let times = 1; ; times = Math.min(4 * times, MOST_TIMES)) {
      await prepared.run(times); // compiles
      const start = performance.now();
      await prepared.run(times);
      const seconds = (performance.now() - start) / 1000;
      if (seconds >= SECONDS || times === MOST_TIMES) return (times * flopOfGemm(gemm)) / seconds;
    }
  } finally {
    prepared.dispose();
  }
}
