import { randomBeta, randomGamma } from "d3-random";
import { openStream } from "./random.ts";

/** A value that rests on counted cases. */
export interface Count {
  /** Place of the value in the panel's matrix. */
  readonly cell: number;
  /** Code of the body and id of the indicator: the names of its stream. */
  readonly entity: string;
  readonly indicator: string;
  /** share: cases of so many cases; rate: cases on a denominator that is none. */
  readonly model: "share" | "rate";
  readonly numerator: number;
  readonly denominator: number;
  /** The value is scale × numerator ÷ denominator. */
  readonly scale: number;
  /** What its peers' evidence adds to its own (see shrink); without it, the common prior. */
  readonly prior?: { readonly a: number; readonly b: number };
}

/** The values of the counts in one world after the other: worlds must be asked for in ascending order, the last 64 at any time. */
export interface Worlds {
  /** Writes the counts' values in a world into a matrix like the panel's. */
  fill(world: number, values: Float64Array): void;
}

/** Worlds drawn at a time: enough for the closures to pay, few enough for a large panel to fit into memory. */
const BLOCK = 64;
const NO_BLOCK = new Float64Array(0);

/**
 * Values as they might have come out: a share from Beta(x + prior, n − x + prior), a rate from Gamma(x + prior, 1) ÷
 * denominator, the posteriors of a binomial and a Poisson count (prior ½ is Jeffreys': H. Jeffreys, Theory of Probability,
 * 3rd ed. 1961, 3.10; A. Gelman et al., Bayesian Data Analysis, 3rd ed., 2.4-2.6). Each body and indicator has its own
 * stream, so that nobody's draws depend on who else is there.
 */
export function openWorlds(counts: readonly Count[], prior: number, seed: number): Worlds {
  const draws = counts.map(({ entity, indicator, model, numerator, denominator, prior: own }) => {
    const stream = openStream(seed, "counts", indicator, entity);
    const { a, b } = own ?? { a: prior, b: prior };
    return model === "share"
      ? randomBeta.source(stream)(numerator + a, denominator - numerator + b)
      : randomGamma.source(stream)(numerator + a);
  });
  const factors = Float64Array.from(counts, ({ model, scale, denominator, prior: own }) =>
    model === "share" ? scale : scale / (denominator + (own?.b ?? 0)),
  );
  let last = -1;
  let blocks: readonly [Float64Array, Float64Array] = [NO_BLOCK, NO_BLOCK];
  const find = (number: number): Float64Array => {
    while (last < number) {
      const next = new Float64Array(counts.length * BLOCK);
      draws.forEach((draw, place) => {
        for (let turn = 0; turn < BLOCK; turn++) {
          next[turn * counts.length + place] = draw() * (factors[place] as number);
        }
      });
      blocks = [blocks[1], next];
      last++;
    }
    if (number < last - 1) throw new Error(`World ${number * BLOCK} of the counts is long past.`);
    return blocks[number - last + 1] as Float64Array;
  };
  return {
    fill(world, values) {
      const drawn = find(Math.floor(world / BLOCK));
      const first = (world % BLOCK) * counts.length;
      counts.forEach(({ cell }, place) => {
        values[cell] = drawn[first + place] as number;
      });
    },
  };
}
