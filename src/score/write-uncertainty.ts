import type { Context } from "../context.ts";
import { appendColumns, type ColumnValues } from "../store/columns.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { ReplicatedLevel } from "./replicate-ranks.ts";
import type { WorkedOut } from "./work-out.ts";

const sql = sqlFile(import.meta.dirname, "score.sql");

/** Replaces the run's rank uncertainty by the new one. Belongs to the caller's transaction. */
export async function writeUncertainty(
  context: Context,
  levels: readonly ReplicatedLevel[],
): Promise<void> {
  const { store, runId, period } = context;
  const write = async (table: string, rows: readonly Row[], kinds: readonly Kind[]) => {
    await store.run(sql(`delete-${table.replaceAll("_", "-")}`), { run: runId });
    const named = rows.map((row) => [runId, period.id, ...row]);
    const columns = ["text" as const, "text" as const, ...kinds].map((kind, place) =>
      toColumn(
        kind,
        named.map((row) => row[place] as Value),
      ),
    );
    if (rows.length > 0) await appendColumns(store, { schema: "scores", table }, columns);
  };
  await write("rank_uncertainty", levels.flatMap(listSummaries), [
    ...TEXTS,
    "text",
    "text",
    "integer",
    ...Array.from({ length: 7 }, () => "number" as const),
  ]);
  await write("rank_pair", levels.flatMap(listPairs), [...TEXTS, "text", "text", "number"]);
  await write("rank_sensitivity", levels.flatMap(listSensitivities), [
    ...TEXTS,
    "text",
    "text",
    "number",
    "number",
  ]);
  await write("replication", levels.flatMap(listOutcomes), ["text", "text", "text", "integer"]);
}

/** Replaces the run's shrunk values by the new ones. Belongs to the caller's transaction. */
export async function writeShrunk(
  { store, runId, periods }: Context,
  { evidence, shrunk }: Pick<WorkedOut, "evidence" | "shrunk">,
): Promise<void> {
  await store.run(sql("delete-shrunk-value"), { run: runId });
  if (shrunk.length === 0) return;
  const unitOf = ({ unit }: { readonly unit: number }) => evidence.units[unit];
  await appendColumns(store, { schema: "scores", table: "shrunk_value" }, [
    shrunk.map(() => runId),
    shrunk.map((own) => periods[unitOf(own)?.period ?? 0]?.id ?? null),
    shrunk.map((own) => unitOf(own)?.entity ?? null),
    shrunk.map(({ leaf }) => evidence.leaves[leaf] ?? null),
    Float64Array.from(shrunk, ({ raw }) => raw),
    Float64Array.from(shrunk, ({ shrunk: value }) => value),
  ]);
}

type Value = string | number | null;
type Row = readonly Value[];
type Kind = "text" | "integer" | "number";

/** Level and peer class. */
const TEXTS = ["text", "text"] as const;

function toColumn(kind: Kind, values: readonly Value[]): ColumnValues {
  switch (kind) {
    case "text":
      return values as (string | null)[];
    case "integer":
      return Int32Array.from(values as number[]);
    case "number":
      return Float64Array.from(values, (value) =>
        value === null ? Number.NaN : (value as number),
      );
  }
}

function listSummaries({ level, groups, panel: { entity }, result }: ReplicatedLevel): Row[] {
  return result.groups.flatMap(({ summaries, pairs }, number) => {
    const { peerClass } = groups[number] as (typeof groups)[number];
    const next = new Map(
      pairs.flatMap(({ place, other, above }) => (other === place + 1 ? [[place, above]] : [])),
    );
    return Object.entries(summaries).flatMap(([source, list]) =>
      list.map(
        (own, place): Row => [
          level,
          peerClass,
          entity[own.unit] as string,
          source,
          own.replications,
          own.median,
          own.low,
          own.high,
          own.topThree,
          own.bottomThree,
          source === "all" ? (next.get(place) ?? null) : null,
          own.scoreDeviation,
        ],
      ),
    );
  });
}

function listPairs({ level, groups, panel: { entity }, result }: ReplicatedLevel): Row[] {
  return result.groups.flatMap(({ group, pairs }, number) =>
    pairs.map(
      ({ place, other, above }): Row => [
        level,
        (groups[number] as (typeof groups)[number]).peerClass,
        entity[group.units[place] as number] as string,
        entity[group.units[other] as number] as string,
        above,
      ],
    ),
  );
}

function listSensitivities({ level, groups, panel: { entity }, result }: ReplicatedLevel): Row[] {
  return result.groups.flatMap(({ group, sensitivities }, number) =>
    sensitivities.map(
      ({ place, factor, firstOrder, total }): Row => [
        level,
        (groups[number] as (typeof groups)[number]).peerClass,
        place < 0 ? null : (entity[group.units[place] as number] as string),
        factor,
        firstOrder,
        total,
      ],
    ),
  );
}

function listOutcomes({ level, result }: ReplicatedLevel): Row[] {
  const failed = result.failures.reduce((sum, { count }) => sum + count, 0);
  return [
    [level, "evaluated", null, result.evaluated - failed],
    ...result.failures.map(({ message, count }): Row => [level, "failed", message, count]),
  ];
}
