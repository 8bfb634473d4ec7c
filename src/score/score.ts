import type { Context, StageOutcome } from "../context.ts";
import { periodLastYear, shiftPeriod } from "../period.ts";
import { audienceOfIndicator } from "../standard/audience.ts";
import type { Treated } from "./assess.ts";
import type { Evidence } from "./evidence.ts";
import { findMovements } from "./movers.ts";
import type { Ranked } from "./rank.ts";
import { explainScores, type WrittenReason } from "./reason.ts";
import { type ReplicatedLevel, replicateRanks } from "./replicate-ranks.ts";
import { listRules } from "./rules.ts";
import { ASSESSED, STATES } from "./sheets.ts";
import { type WorkedOut, workOut } from "./work-out.ts";
import { dropTemporary, layOutDetails, writeScores } from "./write.ts";
import { writeShrunk, writeUncertainty } from "./write-uncertainty.ts";

/**
 * Scores, ranks and explains every body of the standard's levels for all periods of the context, from the run's facts.
 * Replaces the run's earlier scores in one transaction, so it may be run again at any time.
 * @throws Error in a sentence when measure has left an indicator out, or a record's category has no points
 */
export async function score(context: Context): Promise<StageOutcome> {
  const { store, progress } = context;
  progress.step("score", 0, 4, "trees");
  const detailed = detailedPlaces(context);
  const worked = await workOut(context, detailed);
  const { evidence, sheets, ranked } = worked;
  progress.step("score", 1, 4, "reasons");
  await layOutDetails(context, evidence, sheets, detailed);
  const reasons = await explainTwice(context, worked);
  progress.step("score", 2, 4, "replications");
  const replicated = await replicateRanks(context, worked);
  progress.step("score", 3, 4, "writing");
  await store.transaction(async () => {
    await writeScores(context, sheets, ranked, reasons);
    await writeUncertainty(context, replicated);
    await writeShrunk(context, worked);
  });
  await dropTemporary(context);
  progress.step("score", 4, 4);
  const listed = ranked.filter(({ rank }) => rank !== undefined).length;
  return {
    stage: "score",
    counts: {
      bodies: new Set(evidence.units.map(({ entity }) => entity)).size,
      ranked: listed,
      not_ranked: ranked.length - listed,
      nodes: sheets.nodes.unit.length,
      replications: replicated.reduce((count, { result }) => count + result.evaluated, 0),
      contributions: sheets.points.reduce((count, own) => count + (Number.isNaN(own) ? 0 : 1), 0),
    },
    notes: [
      ...noteUnranked(context, ranked),
      ...noteEmpty(context, evidence),
      ...noteTreated(context, worked.treated),
      ...noteStandard(context, evidence),
      ...noteFailures(replicated),
    ],
  };
}

/** The sentence of each body, and beside it what everybody may read where something in the score is not public. */
async function explainTwice(
  context: Context,
  { evidence, sheets, ranked }: WorkedOut,
): Promise<(WrittenReason | undefined)[]> {
  const movements = await findMovements(context, ranked, sheets);
  const whole = explainScores(context, evidence, sheets, ranked, movements);
  const withheld = listWithheld(context);
  if (withheld.size === 0) return whole;
  const open = await findMovements(context, ranked, sheets, withheld);
  const forEverybody = explainScores(context, evidence, sheets, ranked, open, withheld);
  return whole.map((reason, unit) => reason && { ...reason, forEverybody: forEverybody[unit] });
}

/** Indicators that are not public, and the rules that rest on them. */
function listWithheld({ indicators, standard }: Context): Set<string> {
  const ids = new Set(
    [...indicators.values()]
      .filter((indicator) => audienceOfIndicator(indicator) !== "public")
      .map(({ id }) => id),
  );
  for (const { id, indicator } of listRules(standard)) if (ids.has(indicator)) ids.add(id);
  return ids;
}

/** Places of the period asked for, the one before it and last year's: those whose records and categories are compared. */
function detailedPlaces({ period, periods }: Context): Set<number> {
  const ids = [period.id, shiftPeriod(period, -1).id, periodLastYear(period).id];
  return new Set(ids.map((id) => periods.findIndex((one) => one.id === id)));
}

type Note = StageOutcome["notes"][number];

function noteUnranked(context: Context, ranked: readonly Ranked[]): Note[] {
  const place = context.periods.findIndex(({ id }) => id === context.period.id);
  const out = ranked.filter(({ unit, rank }) => unit.period === place && rank === undefined);
  if (out.length === 0) return [];
  const names = out.map(({ unit }) => unit.entity).join(", ");
  return [
    {
      zh: `${context.period.id}有${out.length}个单位因可评指标不足不参加排名：${names}。`,
      en: `In ${context.period.id}, ${out.length} bodies are not ranked, for too few assessable indicators: ${names}.`,
    },
  ];
}

/** Indicators that have a value for nobody say nothing in the ranking, though the standard gives them weight. */
function noteEmpty({ standard, period, periods }: Context, evidence: Evidence): Note[] {
  const place = periods.findIndex(({ id }) => id === period.id);
  const { units, leaves, state } = evidence;
  const empty = standard.indicators.flatMap(({ indicator, weight }) => {
    const leaf = leaves.indexOf(indicator);
    const states = units.flatMap((unit, number) =>
      unit.period === place && weight[unit.level] !== undefined
        ? [state[number * leaves.length + leaf] as number]
        : [],
    );
    if (states.length === 0 || states.includes(ASSESSED)) return [];
    const found = [...new Set(states)].sort().map((one) => STATES[one] as string);
    return [`${indicator} (${found.join(", ")})`];
  });
  if (empty.length === 0) return [];
  const list = empty.join(", ");
  return [
    {
      zh: `${period.id}有${empty.length}项指标对任何单位都没有值，其权重按缺项规则处理：${list}。`,
      en: `In ${period.id}, ${empty.length} indicators have a value for nobody, and the rule for missing ones decides over their weight: ${list}.`,
    },
  ];
}

function noteFailures(levels: readonly ReplicatedLevel[]): Note[] {
  return levels.flatMap(({ level, result }) =>
    result.failures.map(({ message, count }) => ({
      zh: `层级${level}的${result.evaluated}次重复计算中有${count}次无法完成，已略去：${message}`,
      en: `Of ${result.evaluated} replications of the level ${level}, ${count} could not be evaluated and are left out: ${message}`,
    })),
  );
}

/** Values that were moved or transformed before they were compared: whoever recomputes a score must know. */
function noteTreated({ periods, period }: Context, treated: readonly Treated[]): Note[] {
  const place = periods.findIndex(({ id }) => id === period.id);
  const own = treated.filter((one) => one.period === place);
  if (own.length === 0) return [];
  const list = own.map(({ indicator, level, winsorised, transformed }) => {
    const what = transformed ?? String(winsorised);
    return `${indicator} (${level}: ${what})`;
  });
  return [
    {
      zh: `${period.id}有${own.length}项指标的离群值经过处理（缩尾的个数或变换的名称）：${list.join("，")}。`,
      en: `In ${period.id}, outliers of ${own.length} indicators were treated (how many values were winsorised, or the transformation): ${list.join(", ")}.`,
    },
  ];
}

function noteStandard({ standard, period }: Context, evidence: Evidence): Note[] {
  const notes: Note[] = [];
  const { from, to } = standard.effective;
  if (period.end < from || (to !== undefined && period.end > to)) {
    notes.push({
      zh: `标准${standard.id}（${standard.version}）在${period.id}不生效（生效期${from}至${to ?? "今"}），得分仅供比较。`,
      en: `The standard ${standard.id} (${standard.version}) is not in force in ${period.id} (in force from ${from}${to ? ` to ${to}` : ""}); the scores serve comparison only.`,
    });
  }
  const known = new Set(standard.peer_classes.map(({ id, level }) => `${level}\n${id}`));
  const unnamed = new Set(
    evidence.units
      .filter(({ level, peerClass }) => !known.has(`${level}\n${peerClass}`))
      .map(({ level, peerClass }) => `${peerClass} (${level})`),
  );
  if (unnamed.size > 0) {
    const list = [...unnamed].sort().join(", ");
    notes.push({
      zh: `标准${standard.id}没有写明这些同类组：${list}；它们各自排名。`,
      en: `The standard ${standard.id} does not name these peer classes: ${list}; they are ranked by themselves.`,
    });
  }
  return notes;
}
