import type { Context } from "../context.ts";
import type { Audience } from "../standard/audience.ts";
import type { Bilingual } from "../standard/bilingual.ts";
import type { Output } from "./outputs.ts";
import { TEXTS } from "./texts.ts";

/** For whose eyes a report is, and what of the publication is not for them. */
export interface Edition {
  readonly audience: Audience;
  readonly withheld: readonly Output[];
}

const NAMES = {
  public: TEXTS.editionPublic,
  bodies: TEXTS.editionBodies,
  officers: TEXTS.editionOfficers,
  internal: TEXTS.editionInternal,
} as const satisfies Record<Audience, Bilingual>;

/** What an edition is called on its face. */
export function nameEdition(audience: Audience): Bilingual {
  return NAMES[audience];
}

/** How many outputs are not for whoever reads an edition. */
export function countWithheld({ withheld }: Edition) {
  const count = (kind: Output["kind"]) => withheld.filter((one) => one.kind === kind).length;
  return { indicators: count("indicator"), warnings: count("warnings"), lists: count("list") };
}

/** Whether an output of a kind is not for an edition. */
export function isWithheld({ withheld }: Edition, kind: Output["kind"]): (id: string) => boolean {
  return (id) => withheld.some((one) => one.kind === kind && one.id === id);
}

/** The run as an edition shows it: without the warnings that are not for its eyes. */
export function contextOf(context: Context, edition: Edition): Context {
  const isGone = isWithheld(edition, "warnings");
  const warnings = (context.pipeline.warnings ?? []).filter((id) => !isGone(id));
  return { ...context, pipeline: { ...context.pipeline, warnings } };
}
