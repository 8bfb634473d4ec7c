/** A stream of pseudo-random draws: the same seed and label give the same draws on every machine. */
export interface Random {
  /** Uniform in [0, 1), 32 bits. */
  next(): number;
  /** Uniform integer in [low, high], both inside. */
  int(low: number, high: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One of the values, all equally likely. */
  pick<T>(values: readonly T[]): T;
  /** Standard normal (Box-Muller). */
  normal(): number;
  /** Count of independent events with the given mean. */
  poisson(mean: number): number;
  /** Failures before the first success, with the given mean. */
  geometric(mean: number): number;
}

/**
 * A stream of its own for each label, so that one source can be made without the others.
 * Generator: sfc32 (Chris Doty-Humphrey, PractRand), seeded by FNV-1a of the label.
 */
export function createRandom(seed: number, label: string): Random {
  const next = seedSfc32(`${seed}/${label}`);
  const random: Random = {
    next,
    int: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
    pick: (values) => values[Math.floor(next() * values.length)] as never,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    poisson(mean) {
      // Large means by the normal approximation: Knuth's product would underflow.
      if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal()));
      const limit = Math.exp(-mean);
      let count = 0;
      for (let product = next(); product > limit; product *= next()) count++;
      return count;
    },
    geometric: (mean) => Math.floor(Math.log(1 - next()) / Math.log(mean / (mean + 1))),
  };
  return random;
}

/** Picks positions of a list in proportion to weights. */
export function weighted(weights: readonly number[]): (random: Random) => number {
  const sums: number[] = [];
  let total = 0;
  for (const weight of weights) {
    total += weight;
    sums.push(total);
  }
  return (random) => {
    const aim = random.next() * total;
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] as number) > aim) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

/** The quantiles of a standard normal at evenly spaced places, shuffled: spread without extremes. */
export function spreadNormals(random: Random, count: number): number[] {
  const values = Array.from({ length: count }, (_, place) => normalQuantile((place + 0.5) / count));
  for (let place = count - 1; place > 0; place--) {
    const other = random.int(0, place);
    [values[place], values[other]] = [values[other] as number, values[place] as number];
  }
  return values;
}

/** Hastings' approximation (Abramowitz and Stegun 26.2.23), good to 4.5e-4. */
function normalQuantile(share: number): number {
  const tail = Math.min(share, 1 - share);
  const t = Math.sqrt(-2 * Math.log(tail));
  const value =
    t -
    (2.515517 + 0.802853 * t + 0.010328 * t * t) /
      (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t);
  return share < 0.5 ? -value : value;
}

function seedSfc32(label: string): () => number {
  let a = hashText(label, 0x811c9dc5);
  let b = hashText(label, 0x9e3779b9);
  let c = hashText(label, 0x85ebca6b);
  let counter = 1;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 4294967296;
  };
  for (let round = 0; round < 12; round++) next();
  return next;
}

function hashText(text: string, start: number): number {
  let hash = start;
  for (let place = 0; place < text.length; place++) {
    hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193);
  }
  return hash | 0;
}
