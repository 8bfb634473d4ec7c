import type { Context } from "../context.ts";
import { minimumCoverage } from "../standard/standard-methods.ts";
import type { Movement, Mover } from "./compare.ts";
import type { Evidence } from "./evidence.ts";
import { isCovered, type Ranked } from "./rank.ts";
import { sayEnglish } from "./reason-en.ts";
import { isUnchanged, showBoth } from "./reason-numbers.ts";
import { sayChinese } from "./reason-zh.ts";
import { listRules } from "./rules.ts";
import { NO_DATA, NOT_APPLICABLE, type Sheets, TOO_FEW } from "./sheets.ts";
import { countTurns } from "./turns.ts";

/** The sentence about one body and period. */
export interface Reason {
  readonly zh: string;
  readonly en: string;
}

/** The sentence, and what everybody may read of it where that is less. */
export interface WrittenReason extends Reason {
  readonly forEverybody?: Reason | undefined;
}

interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

/** A mover with the words and values a sentence needs. */
export interface NamedMover extends Mover {
  readonly title: Bilingual;
  readonly unit: Bilingual;
  /** The indicator's values then and now, as shown; undefined when either is lacking or both show the same. */
  readonly from?: string;
  readonly to?: string;
  readonly rose?: boolean;
  /** Name of the category that moved furthest, where it has one. */
  readonly category?: Bilingual;
}

/** What a sentence says, before it is put into a language. */
export interface Story {
  readonly body: Ranked;
  readonly frequency: "month" | "quarter" | "year";
  readonly peers: Bilingual;
  readonly previous: Ranked | undefined;
  readonly lastYear: Ranked | undefined;
  /** Of a yearly ranking: nobody has a score in the year before, so there is no such year to speak of. */
  readonly isFirst: boolean;
  readonly up: readonly NamedMover[];
  readonly down: readonly NamedMover[];
  /** Without a period to compare with: the indicators that cost most, dearest first. */
  readonly losses: readonly { readonly title: Bilingual; readonly points: number }[];
  readonly veto:
    | { readonly title: Bilingual; readonly from: string; readonly to: string }
    | undefined;
  /** Why there is no rank; thresholds as shares. */
  readonly unranked:
    | {
        readonly part: "applicable" | "whole";
        readonly share: number;
        readonly least: number;
        readonly missing: readonly Bilingual[];
        readonly missingCount: number;
      }
    | undefined;
}

/**
 * One sentence per body of the period asked for, in Chinese and English; undefined in the periods before it, whose
 * sentences stand in their own publications.
 * @param withheld indicators and rules that are not to be named
 */
export function explainScores(
  context: Context,
  evidence: Evidence,
  sheets: Sheets,
  ranked: readonly Ranked[],
  movements: readonly (Movement | undefined)[],
  withheld: ReadonlySet<string> = new Set(),
): (Reason | undefined)[] {
  const asked = context.periods.length - 1;
  const scored = new Set(
    ranked.flatMap(({ unit, score }) => (Number.isNaN(score) ? [] : [unit.period])),
  );
  return ranked.map((body, unit) => {
    if (body.unit.period !== asked) return undefined;
    const movement = movements[unit];
    const name = (mover: Mover) => nameMover(context, evidence, body, unit, mover);
    const leaves =
      body.rank !== undefined && movement ? [] : gatherLeaves(context, sheets, unit, withheld);
    const peers = context.standard.peer_classes.find(({ id }) => id === body.unit.peerClass);
    const story: Story = {
      body,
      frequency: context.period.frequency,
      peers: peers ?? { zh: body.unit.peerClass, en: body.unit.peerClass },
      previous: movement && ranked[body.previous as number],
      lastYear: body.lastYear === undefined ? undefined : ranked[body.lastYear],
      isFirst: context.period.frequency === "year" && !scored.has(asked - 1),
      up: movement?.up.map(name) ?? [],
      down: movement?.down.map(name) ?? [],
      losses: movement ? [] : findLosses(leaves),
      veto: withheld.has(body.vetoedBy ?? "") ? undefined : nameVeto(context, body),
      unranked: isCovered(context, body.unit, body) ? undefined : findGap(context, body, leaves),
    };
    return { zh: sayChinese(story), en: sayEnglish(story) };
  });
}

/** An indicator node of one body. */
interface Leaf {
  readonly title: Bilingual;
  readonly place: number;
  readonly state: number;
  readonly share: number;
  /** Points of the index it has lost of those its share could bring; NaN without a part in the index. */
  readonly lost: number;
  readonly nominal: number;
}

function gatherLeaves(
  context: Context,
  sheets: Sheets,
  unit: number,
  withheld: ReadonlySet<string>,
): Leaf[] {
  const { nodes: inner, indicators } = context.standard;
  const { nodes } = sheets;
  const leaves: Leaf[] = [];
  for (let row = nodes.start[unit] as number; row < (nodes.start[unit + 1] as number); row++) {
    const place = nodes.node[row] as number;
    const leaf = indicators[place - inner.length];
    if (!leaf || withheld.has(leaf.indicator)) continue;
    leaves.push({
      title: titleOf(context, leaf.indicator),
      place,
      state: nodes.state[row] as number,
      share: nodes.share[row] as number,
      lost: lossOf(context, sheets, unit, row),
      nominal: nodes.nominal[row] as number,
    });
  }
  return leaves;
}

function titleOf(context: Context, indicator: string): Bilingual {
  return context.indicators.get(indicator)?.title ?? { zh: indicator, en: indicator };
}

/** By its score; below a node that turns scores round, by what its points fall short of. */
function lossOf(context: Context, sheets: Sheets, unit: number, row: number): number {
  const { nodes, slots, points } = sheets;
  const share = nodes.share[row] as number;
  const leaf = (nodes.node[row] as number) - context.standard.nodes.length;
  const turns = countTurns(context.standard, slots[leaf]?.id ?? "");
  if (turns === 0) return share * (100 - (nodes.score[row] as number));
  return 100 * share - (points[unit * slots.length + leaf] as number);
}

function findLosses(leaves: readonly Leaf[]): Story["losses"] {
  return leaves
    .filter(({ lost }) => !Number.isNaN(lost))
    .map(({ title, lost }) => ({ title, points: -lost }))
    .filter(({ points }) => points <= -0.05)
    .sort((a, b) => a.points - b.points || (a.title.zh < b.title.zh ? -1 : 1))
    .slice(0, 2);
}

function findGap(
  context: Context,
  { unit, coverage, assessed, score }: Ranked,
  leaves: readonly Leaf[],
): Story["unranked"] {
  const level = context.standard.levels[unit.level];
  if (!level) return undefined;
  const least = Math.max(
    level.minimum_coverage,
    Number.isNaN(score) ? minimumCoverage(context.standard.missing) : 0,
  );
  const whole = coverage >= least - 1e-9 && !Number.isNaN(score);
  const missing = leaves
    .filter(
      ({ state }) => state === NO_DATA || state === TOO_FEW || (whole && state === NOT_APPLICABLE),
    )
    .sort((a, b) => b.nominal - a.nominal || a.place - b.place);
  return {
    part: whole ? "whole" : "applicable",
    share: whole ? assessed : coverage,
    least: whole ? level.minimum_assessed : least,
    missing: missing.slice(0, 3).map(({ title }) => title),
    missingCount: missing.length,
  };
}

function nameVeto(context: Context, body: Ranked): Story["veto"] {
  const veto = context.standard.vetoes.find(({ id }) => id === body.vetoedBy);
  if (!veto || !body.grade || !body.gradeBeforeVeto) return undefined;
  return { title: veto.title, from: body.gradeBeforeVeto.id, to: body.grade.id };
}

function nameMover(
  context: Context,
  evidence: Evidence,
  body: Ranked,
  unit: number,
  mover: Mover,
): NamedMover {
  if (mover.kind === "scope") {
    const entering = mover.entered.length > 0;
    const named = entering ? mover.entered : mover.left;
    return { ...mover, title: titleOf(context, named[0] ?? ""), unit: { zh: "", en: "" } };
  }
  if (mover.kind !== "indicator") {
    const rule = listRules(context.standard).find(({ id }) => id === mover.id);
    const bound = mover.id === "minimum" ? BOUNDS.minimum : BOUNDS.maximum;
    return { ...mover, title: rule?.title ?? bound, unit: { zh: "", en: "" } };
  }
  const indicator = context.indicators.get(mover.id);
  const named = {
    ...mover,
    title: titleOf(context, mover.id),
    unit: indicator?.unit ?? { zh: "", en: "" },
    ...nameCategory(context, mover),
  };
  const leaf = evidence.leaves.indexOf(mover.id);
  const value = (number: number) =>
    evidence.value[number * evidence.leaves.length + leaf] as number;
  const before = body.previous === undefined ? Number.NaN : value(body.previous);
  const now = value(unit);
  if (Number.isNaN(before) || Number.isNaN(now) || isUnchanged(before, now)) return named;
  const rose = now > before;
  // Points that go against the value come from its peers; to tell them with the value would mislead.
  const turned = countTurns(context.standard, mover.id) % 2 === 1;
  const good = rose === ((indicator?.direction === "higher") !== turned);
  if (good !== mover.points > 0) return named;
  const [from, to] = showBoth(before, now);
  return { ...named, from, to, rose };
}

function nameCategory(context: Context, { detail }: Mover): { category?: Bilingual } {
  if (detail?.kind !== "category") return {};
  const named = context.standard.category_names[detail.name];
  if (named) return { category: named };
  return /^[a-z][a-z0-9_]*$/.test(detail.name)
    ? {}
    : { category: { zh: detail.name, en: detail.name } };
}

const BOUNDS = {
  minimum: { zh: "总分下限", en: "lower limit of the index" },
  maximum: { zh: "总分上限", en: "upper limit of the index" },
};
