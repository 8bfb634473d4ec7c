import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import type { Config } from "../../src/config.ts";
import { type SubmittedEvent, submitEvent } from "../../src/record/submit-event.ts";
import { runPipeline, type StageName } from "../../src/run.ts";
import { copyTinyCity, makeFolder, tinyConfig } from "../end-to-end/tiny-workspace.ts";

const ROOT = join(import.meta.dirname, "..", "..");

interface Changes {
  readonly disputed?: "counted" | "frozen";
  /** Only complaints and records, one month; and former codes that say themselves when they became known. */
  readonly narrow?: boolean;
}

/** A copy of the tiny city that takes events, goes by the dated rules and counts records as the real city does. */
export function makeRecordCity(changes: Changes = {}): Config {
  const workspace = copyTinyCity();
  takeEvents(workspace, changes);
  return tinyConfig(workspace, makeFolder());
}

/** Changes a copy of the tiny city so. */
export function takeEvents(
  workspace: string,
  { disputed = "counted", narrow = false }: Changes = {},
): void {
  const edit = (path: string, change: (text: string) => string) =>
    writeFileSync(join(workspace, path), change(readFileSync(join(workspace, path), "utf8")));
  mkdirSync(join(workspace, "metrics", "rules"));
  mkdirSync(join(workspace, "pipelines", "codes"));
  for (const path of [
    "metrics/rules/credit-repair.yaml",
    "metrics/indicators/A2/dishonesty-records.sql",
    "metrics/calendar/china.csv",
    "pipelines/codes/record-events.yaml",
  ]) {
    cpSync(join(ROOT, path), join(workspace, path));
  }
  cpSync(
    join(ROOT, "pipelines/sources/qingdao/record-inbox.yaml"),
    join(workspace, "pipelines/sources/record-inbox.yaml"),
  );
  edit("pipelines/tiny.yaml", (text) =>
    text
      .replace("records, debtors", "records, record-inbox, debtors")
      .replace("standard: tiny\n", "standard: tiny\nrules: [credit-repair]\n")
      .replace("calendar/tiny.csv", "calendar/china.csv"),
  );
  if (narrow) {
    edit("pipelines/tiny.yaml", (text) =>
      text
        .replace(/^sources: .*$/m, "sources: [divisions, aliases, orders, records, record-inbox]")
        .replace(/^history: .*$/m, "history: 1"),
    );
    edit("pipelines/sources/aliases.yaml", (text) =>
      text.replace("known_at: { date: 2018-01-02 }", "known_at: { column: 推送 }"),
    );
    edit("data-samples/aliases/aliases.csv", (text) =>
      text.replace("停用\n", "停用,推送\n").replace("2018-04-01\n", "2018-04-01,2018-01-02\n"),
    );
  }
  edit("metrics/standards/tiny.yaml", (text) =>
    text
      .replace("    maximum: 12\n", `    maximum: 12\n    disputed: ${disputed}\n`)
      // The real indicator names the classes of the deduction.
      .replace("{ minor: 2, general: 4, serious: 10 }", "{ class_1: 2, class_2: 4, class_3: 10 }"),
  );
}

/** Events about D1, the serious record of East Lake that was published on 15 May. */
export function eventOf(
  event: SubmittedEvent["event"],
  on: string,
  more: Partial<SubmittedEvent> = {},
): SubmittedEvent {
  const byBody = event === "dispute" || event === "apply_repair";
  return {
    record: "D1",
    entity: "999901",
    event,
    occurred_at: on,
    actor_body: byBody ? "999901" : "synthetic-credit-office",
    ...(event === "dispute" && { responsible: "999902" }),
    ...(!byBody && { document_no: `synthetic ${event} ${on}` }),
    ...more,
  };
}

export function submit(config: Config, event: SubmittedEvent, knownAt: string) {
  return submitEvent(config, "tiny", event, knownAt);
}

/** Runs June as known at a time; the caller closes the store. */
export function runJune(config: Config, asOf: string, through: StageName = "publish") {
  return runPipeline(
    config,
    { pipeline: "tiny", period: "2018-06", asOf, log: pino({ level: "silent" }) },
    { through },
  );
}
