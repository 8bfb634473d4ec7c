import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compareStandards, movedBy } from "../../src/compare-standards.ts";
import type { Config } from "../../src/config.ts";
import { examineMethod, writeMethodReport } from "../../src/method-report.ts";
import { replicateDraws } from "../../src/replicate-draws.ts";
import {
  copyTinyCity,
  JUNE,
  makeFolder,
  removeFolders,
  runTiny,
  tinyConfig,
} from "./tiny-workspace.ts";

const EAST_LAKE = "999901";

const UNCERTAINTY = `
uncertainty:
  replications: 40
  weights: { spread: 0.3, assumption: true }
  normalisations: [{ use: peers, instead_of: [share, repeats] }]
  counts: { prior: 0.5, assumption: true }
  distinguishable: { probability: 0.9, assumption: true }
  assumption: true
`;

describe("what if", () => {
  let config: Config;
  let draft: string;
  const request = { pipeline: "tiny", ...JUNE, log: pino({ level: "silent" }) };
  beforeAll(() => {
    const workspace = copyTinyCity();
    config = tinyConfig(workspace);
    const file = join(workspace, "metrics", "standards", "tiny.yaml");
    const text = readFileSync(file, "utf8");
    draft = join(makeFolder(), "draft.yaml");
    // Districts: 40 points for complaints and 60 for trust, where it is the other way round.
    writeFileSync(
      draft,
      text
        .replace("standard: tiny", "standard: draft")
        .replace(
          "{ district: 60, department: 60, township: 100 }",
          "{ district: 40, department: 60, township: 100 }",
        )
        .replace("{ district: 40, department: 40 }", "{ district: 60, department: 40 }")
        .replaceAll(
          "{ district: 30, department: 30, township: 50 }",
          "{ district: 20, department: 30, township: 50 }",
        )
        .replace("{ district: 20, department: 40 }", "{ district: 30, department: 40 }")
        .replace("weight: { district: 20 }", "weight: { district: 30 }") + UNCERTAINTY,
    );
  });
  afterAll(removeFolders);

  it("nothing is different, nobody moves", async () => {
    const { bodies, agreement } = await compareStandards(config, request, ["tiny", "tiny"]);
    expect(bodies.length).toBeGreaterThan(0);
    expect(bodies.filter(({ why }) => why.length > 0)).toEqual([]);
    for (const row of agreement) expect(row.meanShift).toBe(0);
  });

  it("weights differ, the parts say why and sum to the difference exactly, in every period", async () => {
    const { bodies, standards } = await compareStandards(config, request, ["tiny", draft]);
    expect(standards).toEqual(["tiny", "draft"]);
    const june = bodies.find(({ entity, period }) => entity === EAST_LAKE && period === "2018-06");
    // WORKED.md: service 67.5, trust 40, a record takes 5. 0.6 · 67.5 + 0.4 · 40 − 5 = 51.5; 0.4 · 67.5 + 0.6 · 40 − 5 = 46
    expect(june?.score[0]).toBeCloseTo(51.5, 9);
    expect(june?.score[1]).toBeCloseTo(46, 9);
    // closing: 60 points of the value on a share of 30 %, then 20 %
    const closing = june?.why.find(({ id }) => id === "B2/closed-on-time");
    expect(closing?.share[0]).toBeCloseTo(0.3, 12);
    expect(closing?.share[1]).toBeCloseTo(0.2, 12);
    expect(movedBy(closing!)).toBeCloseTo(-6, 9);
    expect(new Set(bodies.map(({ period }) => period)).size).toBeGreaterThan(1);
    for (const { score, why } of bodies) {
      if (score[0] === null || score[1] === null) continue;
      expect(why.reduce((sum, part) => sum + movedBy(part), 0)).toBe(score[1] - score[0]);
    }
  });

  it("draws are written down, the same draws give the same scores", async () => {
    const varied = { ...request, standard: draft };
    const [one, again] = [makeFolder(), makeFolder()];
    const { levels } = await replicateDraws(config, varied, { out: one });
    await replicateDraws(config, varied, { draws: one, out: again });
    for (const { level } of levels) {
      for (const file of [`draws-${level}.csv`, `scores-${level}.csv`]) {
        const text = readFileSync(join(one, file), "utf8");
        expect(text.split("\n").length).toBeGreaterThan(100);
        expect(readFileSync(join(again, file), "utf8")).toBe(text);
      }
    }
    const found = levels.find(({ level }) => level === "district");
    expect(found?.result.failures).toEqual([]);
    expect(found?.result.groups[0]?.summaries.all).toHaveLength(3);
  });

  it("a standard says nothing of uncertainty, that is said", async () => {
    await expect(replicateDraws(config, request, {})).rejects.toThrow(
      'The standard tiny has no "uncertainty", so there is nothing to vary.',
    );
  });

  it("a standard varies what it does not have, the fault is named", async () => {
    const faulty = join(makeFolder(), "draft.yaml");
    const text = readFileSync(draft, "utf8")
      .replace("use: peers, instead_of: [share, repeats]", "use: guess")
      .replace(
        "indicator: A1/publication-delay-median,",
        "indicator: A1/publication-delay-median, shrink: empirical_bayes,",
      );
    writeFileSync(faulty, `${text}  aggregations: [{ use: { method: geometric } }]\n`);
    await expect(compareStandards(config, request, ["tiny", faulty])).rejects.toThrow(
      /is no ratio, and only counts[\s\S]*"guess" is not among the normalisations[\s\S]*geometric mean is undefined for scores of 0/,
    );
  });

  it("an indicator is shrunk, small counts go towards their peers' and the raw value stays beside", async () => {
    const workspace = copyTinyCity();
    const file = join(workspace, "metrics", "standards", "tiny.yaml");
    writeFileSync(
      file,
      readFileSync(file, "utf8").replace(
        "indicator: B2/closed-on-time,",
        "indicator: B2/closed-on-time, shrink: empirical_bayes,",
      ),
    );
    const { context } = await runTiny(tinyConfig(workspace), JUNE, "publish");
    const rows = await context.store.rows<{
      id: string;
      raw: number;
      shrunk: number;
      measured: number;
    }>(
      `SELECT s.entity_id AS id, s.raw_value AS raw, s.shrunk_value AS shrunk, v.value AS measured
       FROM scores.shrunk_value s
       JOIN facts.run_computation c ON c.run_id = s.run_id AND c.period = s.period AND c.indicator_id = s.indicator_id
       JOIN facts.value v ON v.fingerprint = c.fingerprint AND v.entity_id = s.entity_id
       JOIN known.entity e ON e.entity_id = s.entity_id AND e.level = 'district'
       WHERE s.run_id = $run AND s.period = '2018-06' ORDER BY id`,
      { run: context.runId },
    );
    context.store.close();
    expect(rows).toHaveLength(3);
    for (const { raw, measured } of rows) expect(raw).toBe(measured);
    const spread = (pick: (row: (typeof rows)[number]) => number) =>
      Math.max(...rows.map(pick)) - Math.min(...rows.map(pick));
    expect(spread(({ shrunk }) => shrunk)).toBeLessThan(spread(({ raw }) => raw));
  });

  it("the method report is one page in both languages, the same bytes each time", async () => {
    const varied = { ...request, standard: draft };
    const write = async () =>
      readFileSync(
        writeMethodReport(await examineMethod(config, varied, 60), join(makeFolder(), "m.html")),
        "utf8",
      );
    const page = await write();
    expect(await write()).toBe(page);
    expect(page).not.toMatch(/(?:src|href)="?https?:/);
    for (const text of [
      "相关与重复",
      "Correlation and redundancy",
      "Cronbach",
      "去掉一个指标",
      "Without one indicator",
      "少一个单位",
      "by entering or leaving",
    ]) {
      expect(page).toContain(text);
    }
  });

  it("an indicator is left out, its siblings share its weight", async () => {
    const { levels } = await examineMethod(config, request);
    const district = levels.find(({ level }) => level === "district");
    const [removals = []] = district?.examination.removals ?? [];
    expect(removals.map(({ indicator }) => indicator)).toEqual([
      "B2/closed-on-time",
      "B2/repeat-share",
      "A1/publication-delay-median",
      "C5/debt-ratio",
    ]);
    for (const { ranks } of removals) expect([...ranks].sort()).toEqual([1, 2, 3]);
    // Subdistricts are scored against fixed values, which no entry or exit moves.
    const township = levels.find(({ level }) => level === "township");
    expect(township?.groups.length).toBeGreaterThan(0);
    expect(township?.examination.reversals).toEqual([]);
  });
});
