import { z } from "zod";
import { type Bilingual, citation } from "./bilingual.ts";

/**
 * Where numbers come from: every block that holds some says it. `source` names the text they are taken from,
 * `assumption` says that they are this standard's own choice; both together, that the source gives some of them only.
 */
const origin = {
  source: citation.optional(),
  assumption: z.literal(true).optional(),
  /** It may be applied where or when a law it rests on does not bind; what is published then says so. */
  by_analogy: z.literal(true).optional(),
};

interface Origin {
  readonly source?: Bilingual | undefined;
  readonly assumption?: true | undefined;
}

const saysOrigin = (block: Origin) => block.source !== undefined || block.assumption !== undefined;
const ORIGIN_MISSING =
  'holds numbers, so it must say where they come from: "source: ..." or "assumption: true"';

/** A strict block of numbers that says its origin. */
export function numbers<S extends z.ZodRawShape>(shape: S) {
  return z
    .strictObject({ ...shape, ...origin })
    .refine((block) => saysOrigin(block as Origin), ORIGIN_MISSING);
}
