import type { Context } from "../context.ts";
import { sqlFile } from "../store/sql-file.ts";
import { describeMove, describeRange, explainRanges, type RankRange, spaced } from "./rank.ts";
import { bothNames, padColumns } from "./terminal.ts";

const sql = sqlFile(import.meta.dirname, "cli.sql");

export interface Ranked extends RankRange {
  readonly peer_class: string;
  readonly rank: number;
  readonly ranked_of: number;
  readonly entity_id: string;
  readonly name_zh: string;
  readonly name_en: string;
  readonly score: number;
  readonly grade: string;
  readonly rank_previous: number | null;
}

/** How many of the top and of the bottom of each peer class are shown after a run, and all who share such a place. */
const SHOWN = 3;

/** The top and the bottom of each peer class of a run, in the order of the report. */
export async function readEnds(context: Context): Promise<Ranked[]> {
  const ends = await context.store.rows<Ranked>(sql("ranking-ends"), {
    run_id: context.runId,
    period: context.period.id,
    shown: SHOWN,
  });
  return orderPeerClasses(context).flatMap(({ id }) => ends.filter((row) => row.peer_class === id));
}

/** The same as a table for people. */
export function describeEnds(context: Context, ends: readonly Ranked[]): string {
  const lines: string[] = [];
  for (const { id, zh, en } of orderPeerClasses(context)) {
    const rows = ends.filter((row) => row.peer_class === id);
    if (rows.length === 0) continue;
    lines.push("", `${bothNames(zh, en)} (${rows[0]?.ranked_of})`);
    for (const [at, row] of rows.entries()) {
      // As many stand above a place as its number says: some of them are left out.
      const isFirst = rows[at - 1]?.rank !== row.rank;
      if (isFirst && row.rank > at + 1 && isHead(rows[at - 1])) lines.push("   …");
      lines.push(
        [
          String(row.rank).padStart(4) + spaced(describeRange(row, ends)),
          padColumns(bothNames(row.name_zh, row.name_en), 50),
          row.score.toFixed(2).padStart(6),
          row.grade.padEnd(3),
          describeMove(row.rank_previous, row.rank),
        ].join("  "),
      );
    }
  }
  return [...lines, ...explainRanges(ends)].join("\n").trim();
}

function isHead(row: Ranked | undefined): boolean {
  return row !== undefined && row.rank <= SHOWN;
}

/** The standard's peer classes by the report's order of levels; a class the standard does not name is not shown here. */
function orderPeerClasses({ pipeline, standard }: Context) {
  return pipeline.report.levels.flatMap(({ level }) =>
    standard.peer_classes.filter((one) => one.level === level),
  );
}
