import type { EvaluationStandard } from "../../standard/evaluation-standard.ts";
import type { Bilingual, Report } from "../report.ts";
import { METHOD_TEXTS } from "../texts-methods.ts";
import { both, escapeHtml, say, table } from "./markup.ts";
import { type Origin, renderOrigin } from "./origin.ts";

interface Rule {
  readonly kind: Bilingual;
  readonly name: string;
  readonly terms: object;
}

/** What is done with values before they are scored, as the standard says it; nothing where it does nothing. */
export function renderPreparation({ context }: Report): string {
  const rules = listRules(context.standard);
  if (rules.length === 0) return "";
  const rows = rules.map(({ kind, name, terms }) => {
    const { own, origin } = takeOrigin(terms);
    return `<tr><th scope=row>${both(kind)}<td><code>${escapeHtml(name)}</code><td><code>${escapeHtml(describeTerms(own))}</code><td>${renderOrigin(origin)}`;
  });
  return `<h3>${both(METHOD_TEXTS.preparation)}</h3>${table([say("kind"), say("rule"), say("terms"), say("origin")], rows)}`;
}

function listRules({
  denominators,
  groupings,
  screening,
  imputations,
  treatments,
  ties,
  nodes,
}: EvaluationStandard): Rule[] {
  const named = (kind: Bilingual, list: Readonly<Record<string, object>> | undefined) =>
    Object.entries(list ?? {}).map(([name, terms]) => ({ kind, name, terms }));
  const single = (kind: Bilingual, terms: object | undefined) =>
    terms ? [{ kind, name: "", terms }] : [];
  return [
    ...named(METHOD_TEXTS.denominator, denominators),
    ...named(METHOD_TEXTS.grouping, groupings),
    ...single(METHOD_TEXTS.screening, screening),
    ...named(METHOD_TEXTS.imputation, imputations),
    ...named(METHOD_TEXTS.treatment, treatments),
    ...nodes.flatMap(({ id, weighting, aggregation, caps, normalise, direction }) => {
      const plain = aggregation.method === "arithmetic" || aggregation.method === "geometric";
      const own = { weighting, caps, normalise, direction };
      const said = Object.fromEntries(
        Object.entries(plain ? own : { aggregation, ...own }).filter(
          ([, part]) => part !== undefined,
        ),
      );
      return Object.keys(said).length === 0
        ? []
        : [{ kind: METHOD_TEXTS.node, name: id, terms: said }];
    }),
    ...single(METHOD_TEXTS.ties, ties),
  ];
}

/** Terms without what they say of their origin: their own, or else that of the first part with one. */
function takeOrigin(terms: object): { own: Readonly<Record<string, unknown>>; origin: Origin } {
  const { source, assumption, ...rest } = terms as Origin & Record<string, unknown>;
  const origins: Origin[] = source || assumption ? [{ source, assumption }] : [];
  const own = Object.entries(rest).map(([key, part]) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return [key, part];
    const inner = takeOrigin(part);
    origins.push(inner.origin);
    return [key, inner.own];
  });
  const said = origins.find((each) => each.source || each.assumption);
  return { own: Object.fromEntries(own), origin: said ?? {} };
}

/** Terms as the standard's file has them: "method: median, among: size". */
function describeTerms(terms: Readonly<Record<string, unknown>>): string {
  return Object.entries(terms)
    .map(([key, value]) => `${key}: ${typeof value === "object" ? JSON.stringify(value) : value}`)
    .join(", ");
}
