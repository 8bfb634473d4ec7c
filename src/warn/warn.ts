import { createHash } from "node:crypto";
import type { Context, StageOutcome } from "../context.ts";
import { warningsOf } from "../definitions-on.ts";
import type { Level, WarningDefinition } from "../standard/warning-definition.ts";
import { appendColumns } from "../store/columns.ts";
import { sqlFile } from "../store/sql-file.ts";
import { readConductEvidence } from "./conduct-evidence.ts";
import { readDebtEvidence } from "./debt-evidence.ts";
import type { Body } from "./evidence.ts";
import { findWarnings } from "./findings.ts";
import { raiseAlerts } from "./raise.ts";
import { rateBody } from "./rating.ts";
import { BY_COMPUTATION, writeFindings } from "./write.ts";

const sql = sqlFile(import.meta.dirname, "warn.sql");
const positionSql = sqlFile(import.meta.dirname, "positions.sql");

/** Raised by one whenever the same positions would give other warnings. */
const METHOD_VERSION = 3;

/**
 * Judges the series of every warning definition of the pipeline, forecasts them, derives levels, lists and ratings, and
 * raises alerts for what stands above green. What a body's debt positions led to before is used again while they, the
 * rules and the period are the same. Running it again changes nothing.
 */
export async function warn(context: Context): Promise<StageOutcome> {
  const { store, runId } = context;
  const definitions = warningsOf(context);
  const counts = { rules: 0, computed: 0, reused: 0, above_green: 0, alerts: 0 };
  const notes: StageOutcome["notes"][number][] = [];
  await store.transaction(async () => {
    await store.run(sql("forget-run"), { run: runId });
    await store.run(sql("forget-levels"), { run: runId });
    for (const [place, definition] of definitions.entries()) {
      context.progress.step("warn", place, definitions.length, definition.id);
      const { computed, reused } = await computeDefinition(context, definition);
      counts.rules += definition.rules.length + definition.outlooks.length;
      counts.computed += computed;
      counts.reused += reused;
      counts.above_green += await writeLevels(context, definition);
    }
    const raised = await raiseAlerts(context, definitions);
    counts.alerts = raised.raised;
    notes.push(...raised.notes);
  });
  context.progress.step("warn", definitions.length, definitions.length);
  return { stage: "warn", counts, notes };
}

/** Computes what is not held yet, and notes which computations are the run's. */
async function computeDefinition(context: Context, definition: WarningDefinition) {
  const { store, period, periods, runId } = context;
  await store.run(positionSql("create-entity"), {
    levels: JSON.stringify(definition.levels),
    end: period.end,
  });
  const bodies = (
    await store.rows<{ entity_id: string; level: string }>(positionSql("read-entity"))
  ).map(({ entity_id, level }) => ({ id: entity_id, level }));
  const onPositions = definition.series.every(
    ({ from }) => from === "position" || from === "change",
  );
  const fingerprints = await fingerprintBodies(context, definition, bodies, onPositions);
  const held = new Set(
    (
      await store.rows<{ fingerprint: string }>(sql("held-computations"), {
        warnings: definition.id,
      })
    ).map(({ fingerprint }) => fingerprint),
  );
  const missing = bodies.filter(({ id }) => {
    const print = fingerprints.get(id);
    return print !== undefined && !(onPositions && held.has(print));
  });
  if (missing.length > 0) {
    const evidence = onPositions
      ? await readDebtEvidence(store, definition, missing, period)
      : await readConductEvidence(context, definition, missing);
    const prints = missing.map(({ id }) => fingerprints.get(id) as string);
    if (!onPositions) await forgetComputations(context, prints);
    if (evidence) {
      await writeFindings(
        store,
        definition,
        evidence,
        findWarnings(definition, evidence),
        prints,
        period,
        periods.length,
      );
    }
  }
  const known = bodies.filter(({ id }) => fingerprints.has(id));
  await appendColumns(store, { schema: "warn", table: "run_computation" }, [
    known.map(() => runId),
    known.map(() => definition.id),
    known.map(({ id }) => id),
    known.map(({ id }) => fingerprints.get(id) as string),
  ]);
  return { computed: missing.length, reused: known.length - missing.length };
}

/** A name for what is known of each body; debt positions make their own, everything else is the run's. */
async function fingerprintBodies(
  context: Context,
  definition: WarningDefinition,
  bodies: readonly Body[],
  onPositions: boolean,
): Promise<Map<string, string>> {
  const { store, period, periods, runId } = context;
  const print = (id: string, content: string) =>
    createHash("sha256")
      .update(
        JSON.stringify([
          METHOD_VERSION,
          definition.id,
          definition.hash,
          period.id,
          periods.length,
          id,
          content,
        ]),
      )
      .digest("hex")
      .slice(0, 24);
  if (!onPositions) return new Map(bodies.map(({ id }) => [id, print(id, runId)]));
  const contents = await store.rows<{ entity_id: string; content: string }>(
    positionSql("read-content"),
    {
      end: period.end,
    },
  );
  return new Map(contents.map(({ entity_id, content }) => [entity_id, print(entity_id, content)]));
}

async function forgetComputations(
  { store }: Context,
  fingerprints: readonly string[],
): Promise<void> {
  await store.run(sql("create-remade"), { fingerprints: JSON.stringify(fingerprints) });
  for (const table of BY_COMPUTATION) await store.run(sql("forget-rows", { table }));
}

/** Levels by run, with the rating on the run's scores. Returns how many bodies stand above green at the period. */
async function writeLevels(context: Context, definition: WarningDefinition): Promise<number> {
  const { store, runId, period } = context;
  const own = { run: runId, warnings: definition.id };
  await store.run(sql("create-rating"));
  await layOutRatings(context, definition);
  await store.run(sql("insert-level"), own);
  await store.run(sql("drop-temporary", { table: "warn_rating" }));
  const row = await store.row<{ count: number }>(sql("count-above-green"), {
    ...own,
    period: period.id,
  });
  return row?.count ?? 0;
}

async function layOutRatings(
  { store, runId }: Context,
  definition: WarningDefinition,
): Promise<void> {
  if (!definition.rating) return;
  const scores = new Map<string, Map<string, number>>();
  const read = await store.rows<{
    entity_id: string;
    period: string;
    node_id: string;
    score: number;
  }>(sql("read-node-scores"), {
    run: runId,
    nodes: JSON.stringify(Object.keys(definition.rating.nodes)),
  });
  if (read.length === 0) return;
  for (const { entity_id, period, node_id, score } of read) {
    const key = `${entity_id}\n${period}`;
    scores.set(key, (scores.get(key) ?? new Map()).set(node_id, score));
  }
  const levels = await store.rows<{ entity_id: string; period: string; level: Level | "no_data" }>(
    sql("read-composite"),
    { run: runId, warnings: definition.id },
  );
  const rated = levels.flatMap(({ entity_id, period, level }) => {
    const rating = rateBody(definition, scores.get(`${entity_id}\n${period}`) ?? new Map(), level);
    return rating ? [{ entity_id, period, ...rating }] : [];
  });
  await appendColumns(store, { catalog: "temp", schema: "main", table: "warn_rating" }, [
    rated.map(({ entity_id }) => entity_id),
    rated.map(({ period }) => period),
    rated.map(({ grade }) => grade),
    rated.map(({ uncapped }) => uncapped),
    Float64Array.from(rated, ({ score }) => score),
  ]);
}
