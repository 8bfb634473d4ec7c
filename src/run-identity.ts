import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AT_FAULT } from "./conform/raw-files.ts";
import type { Context } from "./context.ts";
import { fingerprintDefinitions } from "./definitions-fingerprint.ts";
import { tellPresent } from "./present.ts";
import { quoteLiteral, sqlFile } from "./store/sql-file.ts";

const sql = sqlFile(import.meta.dirname, "run.sql");

/** Version of the program, from its package file. */
export const CODE_VERSION: string = JSON.parse(
  readFileSync(join(import.meta.dirname, "..", "package.json"), "utf8"),
).version;

/**
 * Gives the run its id and writes it down: a hash of the question (pipeline, period, as-of, definitions)
 * and of every file of which something was known by then, so that the same question about the same data is the same run.
 */
export async function identifyRun(context: Context): Promise<Context> {
  const files = await context.store.rows<{ source_id: string; file_hash: string }>(
    sql("files-held"),
    { sources: JSON.stringify(context.pipeline.sources) },
  );
  const atFault = await context.store.rows<{ source_id: string; file_hash: string }>(
    sql("files-at-fault", { mark: quoteLiteral(AT_FAULT) }),
    { sources: JSON.stringify(context.pipeline.sources) },
  );
  const events = await context.store.rows<{
    source_id: string;
    file_hash: string;
    event: string;
    at: string;
  }>(sql("file-events"), { sources: JSON.stringify(context.pipeline.sources) });
  const failed = await context.store.rows<{ source_id: string; attempted_at: string }>(
    sql("failed-pulls"),
    { sources: JSON.stringify(context.pipeline.sources) },
  );
  const inputHash = hash([
    ...files.map((file) => `${file.source_id} ${file.file_hash}`),
    ...atFault.map((file) => `${file.source_id} ${file.file_hash} could not be worked with`),
    ...events.map((file) => `${file.source_id} ${file.file_hash} ${file.event} ${file.at}`),
    ...failed.map((pull) => `${pull.source_id} could not be fetched ${pull.attempted_at}`),
  ]);
  const runId = hash([
    fingerprintDefinitions(context),
    context.period.id,
    context.asOf,
    inputHash,
    CODE_VERSION,
  ]).slice(0, 16);
  await context.store.run(sql("note-run"), {
    run_id: runId,
    pipeline: context.pipeline.pipeline,
    jurisdiction: context.pipeline.jurisdiction,
    period: context.period.id,
    as_of: context.asOf,
    standard_id: context.standard.id,
    standard_hash: context.standard.hash,
    input_hash: inputHash,
    code_version: CODE_VERSION,
  });
  const begun_at = tellPresent(context.pipeline.time_zone, context.clock()).now;
  await context.store.run(sql("note-begun"), { run_id: runId, begun_at });
  return { ...context, runId };
}

function hash(parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex");
}
