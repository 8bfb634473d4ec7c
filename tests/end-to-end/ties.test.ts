import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { copyTinyCity, removeFolders, runTiny, tinyConfig } from "./tiny-workspace.ts";

afterAll(removeFolders);

test("three districts with 30/51, 38/55 and 22/39 in three orders share the first rank, now and before", async () => {
  const workspace = copyTinyCity();
  const overlay = join(import.meta.dirname, "..", "fixtures", "tie");
  const indicators = join(workspace, "metrics", "indicators", "B2");
  rmSync(join(workspace, "metrics", "indicators"), { recursive: true });
  mkdirSync(indicators, { recursive: true });
  for (const name of ["a", "b", "c"]) {
    cpSync(join(overlay, `${name}.sql`), join(indicators, `${name}.sql`));
  }
  cpSync(join(overlay, "standard-tiny.yaml"), join(workspace, "metrics", "standards", "tiny.yaml"));
  cpSync(join(overlay, "pipeline-tiny.yaml"), join(workspace, "pipelines", "tiny.yaml"));
  const { context } = await runTiny(tinyConfig(workspace));
  try {
    const rows = await context.store.rows<{ rank: number; score: number }>(
      "SELECT rank, score FROM scores.rank WHERE run_id = $run AND period = $period AND rank IS NOT NULL",
      { run: context.runId, period: context.period.id },
    );
    expect(rows.map(({ rank }) => rank)).toEqual([1, 1, 1]);
    // 67214 ÷ (3 × 36465), as tests/composite/child-order.test.ts works out.
    for (const { score } of rows) expect(score).toBeCloseTo(61.441_564_97, 7);
  } finally {
    context.store.close();
  }
});
