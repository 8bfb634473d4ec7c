import type { Config } from "./config.ts";
import type { Context } from "./context.ts";
import { type EntityNames, readEntityNames } from "./entity-names.ts";
import { compareRanks, type RankAgreement } from "./method/rank-agreement.ts";
import { runStages } from "./run.ts";
import { openContext, type RunRequest } from "./run-context.ts";
import type { Slot } from "./score/sheets.ts";
import { type WorkedOut, workOut } from "./score/work-out.ts";
import { dropTemporary } from "./score/write.ts";

/** A part of an index under the two standards; null where a standard does not have it. */
export interface MovedPart extends Slot {
  /** Points of the index. */
  readonly points: readonly [number | null, number | null];
  /** Of indicators: share of the index, 0 to 1, and score. */
  readonly share: readonly [number | null, number | null];
  readonly score: readonly [number | null, number | null];
}

/** A body under the two standards. */
export interface Comparison {
  readonly period: string;
  readonly level: string;
  readonly peerClass: string;
  readonly entity: string;
  readonly name: { readonly zh: string; readonly en: string };
  readonly rank: readonly [number | null, number | null];
  readonly score: readonly [number | null, number | null];
  readonly grade: readonly [string | null, string | null];
  /** What the difference of the scores is made of, the largest part first; the parts sum to it exactly. */
  readonly why: readonly MovedPart[];
}

/** How far the two rankings of one peer class and period agree. */
export interface ClassAgreement extends RankAgreement {
  readonly period: string;
  readonly level: string;
  readonly peerClass: string;
}

export interface StandardComparison {
  readonly period: string;
  readonly asOf: string;
  readonly standards: readonly [string, string];
  /** All periods of the pipeline's history, oldest first. */
  readonly bodies: readonly Comparison[];
  readonly agreement: readonly ClassAgreement[];
}

/**
 * Scores the same evidence by two standards, in the period asked for and all of its history, and says who moves and why.
 * Nothing is written but what the stages up to measure write.
 * @param standards ids of metrics/standards, or files
 */
export async function compareStandards(
  config: Config,
  request: RunRequest,
  standards: readonly [string, string],
): Promise<StandardComparison> {
  const first = await openContext(config, { ...request, standard: standards[0] });
  const { store, dataDir } = first;
  try {
    const one = await scoreBy(first, "pull");
    const place = { store, dataDir };
    const second = await openContext(config, { ...request, standard: standards[1], place });
    const other = await scoreBy(second, "measure");
    const names = await readEntityNames(store);
    const bodies = compareBodies(first, one, second, other, names);
    return {
      period: first.period.id,
      asOf: first.asOf,
      standards: [first.standard.id, second.standard.id],
      bodies,
      agreement: judgeAgreement(bodies),
    };
  } finally {
    store.close();
  }
}

async function scoreBy(opened: Context, from: "pull" | "measure"): Promise<WorkedOut> {
  const { context } = await runStages(opened, from, "measure");
  const worked = await workOut(context);
  await dropTemporary(context);
  return worked;
}

function compareBodies(
  first: Context,
  one: WorkedOut,
  second: Context,
  other: WorkedOut,
  names: EntityNames,
): Comparison[] {
  const [left, right] = [indexUnits(first, one), indexUnits(second, other)];
  const keys = [...new Set([...left.keys(), ...right.keys()])];
  const compared = keys.map((key): Comparison => {
    const units = [left.get(key), right.get(key)] as const;
    const [a, b] = [one.ranked[units[0] ?? -1], other.ranked[units[1] ?? -1]];
    const { entity, level, peerClass } = (a ?? b)?.unit ?? { entity: "", level: "", peerClass: "" };
    return {
      period: key.split("\n")[0] as string,
      level,
      peerClass,
      entity,
      name: names.get(entity) ?? { zh: entity, en: entity },
      rank: [a?.rank ?? null, b?.rank ?? null],
      score: [toNull(a?.score), toNull(b?.score)],
      grade: [a?.grade?.id ?? null, b?.grade?.id ?? null],
      why: explain(first, one, units[0], second, other, units[1]),
    };
  });
  return compared.sort(
    (a, b) =>
      order(a.period, b.period) ||
      order(a.level, b.level) ||
      order(a.peerClass, b.peerClass) ||
      (a.rank[1] ?? 1e9) - (b.rank[1] ?? 1e9) ||
      order(a.entity, b.entity),
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function toNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

/** Numbers of the units by period and body. */
function indexUnits({ periods }: Context, { evidence }: WorkedOut): Map<string, number> {
  return new Map(
    evidence.units.map(({ period, entity }, unit) => [`${periods[period]?.id}\n${entity}`, unit]),
  );
}

type Parts = Map<string, Omit<MovedPart, "points" | "share" | "score"> & PartOfOne>;

interface PartOfOne {
  readonly points: number;
  readonly share: number | null;
  readonly score: number | null;
}

function explain(
  first: Context,
  one: WorkedOut,
  left: number | undefined,
  second: Context,
  other: WorkedOut,
  right: number | undefined,
): MovedPart[] {
  const [a, b] = [listParts(first, one, left), listParts(second, other, right)];
  return [...new Set([...a.keys(), ...b.keys()])]
    .map((key): MovedPart => {
      const [was, is] = [a.get(key), b.get(key)];
      const { kind, id } = (was ?? is) as Slot;
      return {
        kind,
        id,
        points: [was?.points ?? null, is?.points ?? null],
        share: [was?.share ?? null, is?.share ?? null],
        score: [was?.score ?? null, is?.score ?? null],
      };
    })
    .filter((part) => movedBy(part) !== 0)
    .sort((x, y) => Math.abs(movedBy(y)) - Math.abs(movedBy(x)) || order(x.id, y.id));
}

/** Points by which a part moves the index. */
export function movedBy({ points: [was, is] }: MovedPart): number {
  return (is ?? 0) - (was ?? 0);
}

function listParts({ standard }: Context, { sheets }: WorkedOut, unit: number | undefined): Parts {
  const parts: Parts = new Map();
  if (unit === undefined) return parts;
  const { nodes } = sheets;
  const scores = new Map<number, number>();
  for (let row = nodes.start[unit] as number; row < (nodes.start[unit + 1] as number); row++) {
    scores.set(nodes.node[row] as number, nodes.score[row] as number);
  }
  sheets.slots.forEach((slot, place) => {
    const points = sheets.points[unit * sheets.slots.length + place] as number;
    if (Number.isNaN(points)) return;
    const isLeaf = place < sheets.indicators;
    parts.set(`${slot.kind} ${slot.id}`, {
      ...slot,
      points,
      share: isLeaf ? toNull(sheets.share[unit * sheets.indicators + place]) : null,
      score: isLeaf ? toNull(scores.get(standard.nodes.length + place)) : null,
    });
  });
  return parts;
}

function judgeAgreement(bodies: readonly Comparison[]): ClassAgreement[] {
  const classes = new Map<string, Comparison[]>();
  for (const body of bodies) {
    const key = `${body.period}\n${body.level}\n${body.peerClass}`;
    classes.set(key, [...(classes.get(key) ?? []), body]);
  }
  return [...classes.values()].flatMap((members) => {
    const { period, level, peerClass } = members[0] as Comparison;
    const pairs = members.flatMap(({ rank: [one, other] }) =>
      one === null || other === null ? [] : [{ one, other }],
    );
    return pairs.length === 0 ? [] : [{ period, level, peerClass, ...compareRanks(pairs) }];
  });
}
