import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sqlFile } from "../../src/store/sql-file.ts";
import { BUNDLED, runWorkspace } from "./run-workspace.ts";

const sql = sqlFile(join(BUNDLED, "src", "warn"), "raise.sql");

/** One line a sentence: the rule and the body it is on, then Chinese and English. */
const GOLDEN = join(BUNDLED, "tests", "fixtures", "bundled-sentences.txt");

interface Told {
  readonly entity_id: string;
  readonly rule_id: string;
  readonly part: string;
  readonly message_zh: string;
  readonly message_en: string;
}

// Each line of the file was read by a person beside the value and the lines of metrics/warnings; whoever changes one reads it too.
test("the warnings of the bundled month are told in the sentences that were read", async () => {
  const context = await runWorkspace(BUNDLED, "qingdao", { through: "warn" });
  try {
    const told = await context.store.rows<Told>(sql("standing"), { run: context.runId });
    const lines = told.map((one) =>
      [`${one.rule_id} ${one.entity_id}`, one.message_zh, one.message_en].join("\n  "),
    );
    expect(`${lines.join("\n")}\n`).toBe(readFileSync(GOLDEN, "utf8"));
  } finally {
    context.store.close();
  }
});
