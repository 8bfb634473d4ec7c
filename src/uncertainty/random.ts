import { createHash } from "node:crypto";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";

/** Uniform numbers in [0, 1). */
export type Stream = () => number;

/**
 * A stream of its own for every seed and name: what is drawn from one does not depend on what is drawn from another, nor
 * on the order in which they are opened.
 */
export function openStream(seed: number, ...name: readonly string[]): Stream {
  const hash = createHash("sha256")
    .update([seed, ...name].join("\n"))
    .digest();
  const state = [0, 4, 8, 12].map((at) => hash.readInt32LE(at));
  const generator = xoroshiro128plusFromState(state);
  return () => uniformFloat64(generator);
}
