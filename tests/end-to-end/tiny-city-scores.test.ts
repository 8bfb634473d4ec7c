import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  APPROVALS,
  type Asked,
  askTinyCity,
  EAST,
  FINANCE,
  HILL,
  LAKE,
  NORTH,
  WEST,
} from "./tiny-answers.ts";
import { expectScores } from "./tiny-scores.ts";
import { removeFolders } from "./tiny-workspace.ts";

// Every number is worked out in tests/fixtures/tiny-city/WORKED.md, under the section named.

let asked: Asked;

beforeAll(async () => {
  asked = await askTinyCity();
});

afterAll(() => {
  asked?.close();
  removeFolders();
});

describe("§4-6 scores", () => {
  test("June", () =>
    expectScores(asked, "2018-06", {
      [EAST]: 51.5,
      [WEST]: 24.6,
      [NORTH]: 100,
      [APPROVALS]: 85,
      [FINANCE]: 85,
      [LAKE]: 75,
    }));

  test("May", () =>
    expectScores(asked, "2018-05", {
      [EAST]: 66.125,
      [WEST]: 50.1,
      [NORTH]: 51,
      [APPROVALS]: 100,
      [FINANCE]: 100,
      [LAKE]: 100,
      [HILL]: 50,
    }));

  test("January to April", async () => {
    await expectScores(asked, "2018-01", { [EAST]: 51 });
    await expectScores(asked, "2018-02", { [EAST]: 51, [NORTH]: 28 });
    await expectScores(asked, "2018-03", {
      [EAST]: 30 + 0.4 * Math.sqrt(10 * 100) + 1,
      [WEST]: 45 + 0.4 * Math.sqrt(46 * 7) - 2,
      [NORTH]: 41.2,
    });
    await expectScores(asked, "2018-04", {
      [EAST]: 81,
      [WEST]: 48 + 0.4 * Math.sqrt(46 * 7) - 1,
      [NORTH]: 42.2,
      [APPROVALS]: 100,
    });
  });

  test("normalised scores of June", async () => {
    const found = await asked.rows<{
      node_id: string;
      entity_id: string;
      state: string;
      score: number;
    }>(
      `SELECT node_id, entity_id, state, score FROM scores.node WHERE run_id = $run AND period = '2018-06'`,
    );
    const node = (entity: string, id: string) => {
      const row = found.find(({ node_id, entity_id }) => node_id === id && entity_id === entity);
      return row?.score ?? row?.state;
    };
    const of = (entity: string) =>
      [
        "B2/closed-on-time",
        "B2/repeat-share",
        "service",
        "A1/publication-delay-median",
        "C5/debt-ratio",
        "trust",
      ].map((id) => {
        const score = node(entity, id);
        return typeof score === "number" ? Number(score.toFixed(9)) : score;
      });
    expect(of(EAST)).toEqual([60, 75, 67.5, 64, 25, 40]);
    expect(of(WEST)).toEqual([20, 50, 35, 28, 0, 14]);
    expect(of(NORTH)).toEqual([100, 100, 100, "not_applicable", 100, 100]);
    expect(of(APPROVALS)).toEqual([50, 100, 75, 100, undefined, 100]);
    expect(of(FINANCE)).toEqual([100, 50, 75, 100, undefined, 100]);
    expect(of(LAKE)).toEqual([50, 100, 75, undefined, undefined, undefined]);
    expect(of(HILL).slice(0, 3)).toEqual(["too_few", "too_few", "no_data"]);
  });

  test("weights of what is missing go to the siblings", async () => {
    const weights = await asked.rows(`
      SELECT period, node_id, round(nominal_weight, 12) AS nominal, round(effective_weight, 12) AS effective
      FROM scores.node
      WHERE run_id = $run AND entity_id = '${NORTH}' AND period IN ('2018-05', '2018-06')
        AND node_level = 'indicator' ORDER BY period, node_id`);
    expect(weights).toEqual([
      { period: "2018-05", node_id: "A1/publication-delay-median", nominal: 0.2, effective: null },
      { period: "2018-05", node_id: "B2/closed-on-time", nominal: 0.3, effective: 0.5 },
      { period: "2018-05", node_id: "B2/repeat-share", nominal: 0.3, effective: 0.5 },
      { period: "2018-05", node_id: "C5/debt-ratio", nominal: 0.2, effective: null },
      { period: "2018-06", node_id: "A1/publication-delay-median", nominal: 0.2, effective: null },
      { period: "2018-06", node_id: "B2/closed-on-time", nominal: 0.3, effective: 0.3 },
      { period: "2018-06", node_id: "B2/repeat-share", nominal: 0.3, effective: 0.3 },
      { period: "2018-06", node_id: "C5/debt-ratio", nominal: 0.2, effective: 0.4 },
    ]);
  });

  test("coverage", async () => {
    const found = await asked.rows(`
      SELECT period, round(coverage, 12) AS coverage FROM scores.rank
      WHERE run_id = $run AND entity_id = '${EAST}' ORDER BY period`);
    expect(found.map(({ coverage }) => coverage)).toEqual([0.6, 0.75, 1, 1, 1, 1]);
  });

  test("ranks, shared ranks, grades at a band's edge, the veto's cap, and movement", async () => {
    const found = await asked.rows(`
      SELECT entity_id, state, rank, ranked_of AS of, grade, grade_before_veto AS free, vetoed_by AS veto,
        rank_previous AS before, round(score_previous, 9) AS score_before, score_last_year AS year_ago
      FROM scores.rank WHERE run_id = $run AND period = '2018-06' ORDER BY level, peer_class, rank, entity_id`);
    const row = (
      entity_id: string,
      rank: number,
      of: number,
      grade: string,
      before: number,
      score_before: number,
      veto: { free: string | null; veto: string | null } = { free: grade, veto: null },
    ) => ({
      entity_id,
      state: "ranked",
      rank,
      of,
      grade,
      ...veto,
      before,
      score_before,
      year_ago: null,
    });
    const byEntity = Object.fromEntries(found.map((line) => [line.entity_id, line]));
    expect(byEntity[APPROVALS]).toMatchObject(row(APPROVALS, 1, 2, "A", 1, 100));
    expect(byEntity[FINANCE]).toMatchObject(row(FINANCE, 1, 2, "A", 1, 100));
    expect(byEntity[NORTH]).toMatchObject(
      row(NORTH, 1, 3, "C", 2, 51, { free: "A", veto: "debtor" }),
    );
    expect(byEntity[EAST]).toMatchObject(row(EAST, 2, 3, "C", 1, 66.125));
    expect(byEntity[WEST]).toMatchObject(row(WEST, 3, 3, "D", 3, 50.1));
    expect(byEntity[LAKE]).toMatchObject(row(LAKE, 1, 1, "B", 1, 100));
    expect(byEntity[HILL]).toMatchObject({ state: "not_ranked", rank: null, grade: null });
    expect(found).toHaveLength(7);
  });
});
