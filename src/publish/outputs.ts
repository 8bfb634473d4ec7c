import type { Context } from "../context.ts";
import { warningsOf } from "../definitions-on.ts";
import {
  AUDIENCES,
  type Audience,
  audienceOfIndicator,
  audienceOfWarnings,
  isWithin,
} from "../standard/audience.ts";
import { readParts } from "./list-report.ts";

/** Something a publication tells, and for whose eyes it is. */
export interface Output {
  /** rule: a deduction, bonus or veto, which is for those its indicator is for. */
  readonly kind: "indicator" | "rule" | "warnings" | "list";
  readonly id: string;
  readonly audience: Audience;
}

/** Every output of a run whose audience the definitions say. */
export function listOutputs(context: Context): Output[] {
  const { indicators, standard } = context;
  const audienceOf = (id: string): Audience => {
    const indicator = indicators.get(id);
    return indicator ? audienceOfIndicator(indicator) : "public";
  };
  const rules = [...standard.deductions, ...standard.bonuses, ...standard.vetoes];
  return [
    ...[...indicators.keys()].map((id) => ({
      kind: "indicator" as const,
      id,
      audience: audienceOf(id),
    })),
    ...rules.map(({ id, indicator }) => ({
      kind: "rule" as const,
      id,
      audience: audienceOf(indicator),
    })),
    ...warningsOf(context).map((one) => ({
      kind: "warnings" as const,
      id: one.id,
      audience: audienceOfWarnings(one),
    })),
    ...readParts(context).map(({ id, audience = "public" }) => ({
      kind: "list" as const,
      id,
      audience,
    })),
  ];
}

/** The editions that a run is published in, from the fewest eyes to everybody's: one for each audience that anything is for. */
export function listEditions(outputs: readonly Output[]): Audience[] {
  return AUDIENCES.filter(
    (audience) => audience === "public" || outputs.some((output) => output.audience === audience),
  ).toReversed();
}

/** What is not for those up to an audience. */
export function withheldFrom(outputs: readonly Output[], limit: Audience): Output[] {
  return outputs.filter(({ audience }) => !isWithin(audience, limit));
}

/** Stands in the place of indicators and rules of which a reader may not know what they came to. */
export const UNDISCLOSED = "undisclosed";
