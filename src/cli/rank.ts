import { act, asOfOption, type CommonOptions, makeCommand, periodOption } from "./command.ts";
import { openPublishedPeriod, orderByLevel, type PublishedPeriod } from "./open-period.ts";
import { bothNames, padColumns, printResult } from "./terminal.ts";

/** 5 % and 95 % quantiles of a rank over the replications; null where the standard has no `uncertainty`. */
export interface RankRange {
  readonly rank_low: number | null;
  readonly rank_high: number | null;
}

export interface RankRow {
  readonly level: string;
  readonly peer_class: string;
  readonly state: string;
  readonly rank: number | null;
  readonly ranked_of: number | null;
  readonly entity_id: string;
  readonly name_zh: string;
  readonly name_en: string;
  readonly score: number | null;
  readonly grade: string | null;
  readonly vetoed_by: string | null;
  readonly coverage: number;
  readonly score_previous: number | null;
  readonly rank_previous: number | null;
  readonly score_last_year: number | null;
  readonly rank_last_year: number | null;
  readonly reason_zh: string | null;
  readonly reason_en: string | null;
}

/** `zhengxin rank`: a published ranking. */
export function rankCommand() {
  return makeCommand("rank", "Print a published ranking.", [
    "rank",
    "rank qingdao --period 2018-12 --level district",
    "rank connecticut --period 2018 --json",
  ])
    .argument("[pipeline]", "name of a file in pipelines/")
    .addOption(periodOption())
    .addOption(asOfOption())
    .option("--level <level>", "only this level or peer class")
    .option("--reasons", "with the sentence that says what moved each")
    .action(
      act(
        async (
          named: string | undefined,
          options: CommonOptions & { readonly level?: string; readonly reasons?: boolean },
        ) => {
          const published = await openPublishedPeriod(named, options);
          try {
            const all = await published.store.rows<RankRow>(published.sql("ranking"), {
              period: published.period,
              level: options.level ?? null,
            });
            const rows = orderByLevel(published, await addRanges(published, all));
            if (rows.length === 0) {
              throw new Error(
                `Nobody is ranked at a level or in a peer class called "${options.level}" in ${published.period}; the levels are ${published.levels.join(", ")}.`,
              );
            }
            printResult(
              options.json,
              { period: published.period, run: published.run, ranking: rows },
              describeRanking(rows, options.reasons),
            );
          } finally {
            published.store.close();
          }
          return undefined;
        },
      ),
    );
}

async function addRanges(
  { store, sql, period }: PublishedPeriod,
  rows: readonly RankRow[],
): Promise<(RankRow & RankRange)[]> {
  const there = await store.row(sql("has-uncertainty"));
  const ranges = there
    ? await store.rows<RankRange & { entity_id: string }>(sql("rank-ranges"), { period })
    : [];
  const byEntity = new Map(ranges.map((one) => [one.entity_id, one]));
  return rows.map((row) => {
    const range = byEntity.get(row.entity_id);
    return { ...row, rank_low: range?.rank_low ?? null, rank_high: range?.rank_high ?? null };
  });
}

const RANGE_WIDTH = 9;

/** "(2–5)" beside a rank; blanks where others have one, nothing at all where nobody has. */
export function describeRange(
  { rank_low: low, rank_high: high }: RankRange,
  rows: readonly RankRange[],
): string {
  if (rows.every(({ rank_low }) => rank_low === null)) return "";
  const text = low === null || high === null ? "" : `(${Math.round(low)}–${Math.round(high)})`;
  return text.padEnd(RANGE_WIDTH);
}

/** Says what the numbers in brackets are, where there are any. */
export function explainRanges(rows: readonly RankRange[]): string[] {
  if (rows.every(({ rank_low }) => rank_low === null)) return [];
  return [
    "",
    "括号内为名次的 5%–95% 区间（换用其他权重、方法并计入偶然误差） In brackets: the rank's 5–95 % interval over other weights, methods and chance",
  ];
}

function describeRanking(
  rows: readonly (RankRow & RankRange)[],
  reasons: boolean | undefined,
): string {
  const lines: string[] = [];
  let peerClass = "";
  for (const row of rows) {
    if (row.peer_class !== peerClass) {
      peerClass = row.peer_class;
      lines.push("", `${peerClass} (${row.ranked_of ?? 0})`);
    }
    lines.push(
      [
        (row.rank?.toString() ?? "–").padStart(4) + spaced(describeRange(row, rows)),
        padColumns(bothNames(row.name_zh, row.name_en), 48),
        (row.score?.toFixed(2) ?? "–").padStart(6),
        (row.grade ?? "–").padEnd(3),
        describeMove(row.rank_previous, row.rank).padEnd(5),
        `${(row.coverage * 100).toFixed(0)}%`.padStart(4),
        row.vetoed_by ?? "",
      ].join("  "),
    );
    if (reasons) lines.push(`      ${row.reason_zh ?? ""}`, `      ${row.reason_en ?? ""}`);
  }
  return [...lines, ...explainRanges(rows)].join("\n").trim();
}

/** A part of a line that may be missing, with a blank before it. */
export function spaced(text: string): string {
  return text === "" ? "" : ` ${text}`;
}

/** "↑2" for two places up, "" for none or an unknown place before. */
export function describeMove(before: number | null, now: number | null): string {
  if (before === null || now === null || before === now) return "";
  return now < before ? `↑${before - now}` : `↓${now - before}`;
}
