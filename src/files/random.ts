/**
 * Random numbers that are the same everywhere for the same seed: sfc32, the "small fast counting" generator of
 * Chris Doty-Humphrey's PractRand (128 bits of state, period at least 2³²).
 */
export class Random {
  private a = 0;
  private b = 0;
  private c = 0;
  private counter = 1;

  /** @param seed any integer */
  constructor(seed: number) {
    this.absorb(seed);
  }

  /** An own stream for each tuple of integers, such as (seed, epoch, image). */
  static keyed(seed: number, ...keys: number[]): Random {
    const random = new Random(seed);
    for (const key of keys) random.absorb(key);
    return random;
  }

  /** Another one that goes on from here with the same numbers. */
  copy(): Random {
    return Object.assign(new Random(0), this);
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return this.next() / 2 ** 32;
  }

  /** Normal with mean 0 and standard deviation 1 (Box and Muller's transform). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** A uniform integer in [0, n). */
  integer(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  /** Shuffles in place (Fisher and Yates) and returns the same array. */
  shuffle<T>(array: T[]): T[] {
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [array[i], array[j]] = [array[j] as T, array[i] as T];
    }
    return array;
  }

  private absorb(key: number): void {
    this.a ^= key;
    this.b ^= Math.floor(key / 2 ** 32);
    for (let round = 0; round < 12; round++) this.next();
  }

  private next(): number {
    const result = (this.a + this.b + this.counter++) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + result) | 0;
    return result >>> 0;
  }
}
