import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DISTRICTS, narrowPipeline, type Order, orders, writeOrders } from "./generated-orders.ts";
import { readFindings } from "./table-contents.ts";
import { copyTinyCity, JUNE, removeFolders, runTiny, tinyConfig } from "./tiny-workspace.ts";

// Every try is a whole run, so there are few of them; the laws of single stages are tried often in their own tests.
const TRIES = { numRuns: 6, seed: 2018, endOnFailure: true };

let workspace: string;

beforeAll(() => {
  workspace = copyTinyCity();
  narrowPipeline(workspace);
});

afterAll(removeFolders);

interface Outcome {
  /** Index by body, of those that are ranked. */
  readonly score: ReadonlyMap<string, number>;
  readonly findings: Record<string, string[]>;
  /** Bodies whose contributions do not sum to the score exactly. */
  readonly unexplained: readonly string[];
}

async function assess(parts: readonly (readonly Order[])[]): Promise<Outcome> {
  writeOrders(workspace, parts);
  const { context } = await runTiny(tinyConfig(workspace), JUNE, "score");
  try {
    const ranks = await context.store.rows<{ entity_id: string; score: number; points: number }>(
      `SELECT r.entity_id, r.score, sum(c.points) AS points
       FROM scores.rank r JOIN scores.contribution c USING (run_id, period, entity_id)
       WHERE r.run_id = $run AND r.period = $period AND r.state = 'ranked'
       GROUP BY r.entity_id, r.score ORDER BY r.entity_id`,
      { run: context.runId, period: JUNE.period },
    );
    return {
      score: new Map(ranks.map(({ entity_id, score }) => [entity_id, score])),
      findings: await readFindings(context.store, context.runId),
      unexplained: ranks.flatMap(({ entity_id, score, points }) =>
        score === points ? [] : [entity_id],
      ),
    };
  } finally {
    context.store.close();
  }
}

/** The district that answers for an order. */
const districtOf = ({ body }: Order) => body.slice(0, 6);

test("an order closed in time, or not made again, never lowers its district's score, nor moves another's", async () => {
  await fc.assert(
    fc.asyncProperty(orders, fc.nat(), fc.boolean(), async (list, pick, closing) => {
      const index = pick % list.length;
      const change = (worse: boolean) =>
        list.map((order, place) =>
          place === index ? { ...order, [closing ? "late" : "repeat"]: worse } : order,
        );
      const worse = await assess([change(true)]);
      const better = await assess([change(false)]);
      const own = districtOf(list[index] as Order);
      for (const district of DISTRICTS) {
        const before = worse.score.get(district);
        const after = better.score.get(district);
        if (district !== own) expect(after).toBe(before);
        else if (before !== undefined) expect(after).toBeGreaterThanOrEqual(before);
      }
      expect([...worse.unexplained, ...better.unexplained]).toEqual([]);
    }),
    TRIES,
  );
});

test("orders cut into files that overlap are the same orders", async () => {
  let ranked = 0;
  await fc.assert(
    fc.asyncProperty(orders, fc.nat(), fc.nat(), async (list, a, b) => {
      const [from, to] = [a % list.length, b % list.length].sort((x, y) => x - y) as [
        number,
        number,
      ];
      const whole = await assess([list]);
      const parts = await assess([list.slice(from), list.slice(0, to + 1)]);
      ranked += whole.score.size;
      expect(parts.findings).toEqual(whole.findings);
    }),
    TRIES,
  );
  // A city whose every order lies before the window ranks nobody and shows nothing; not all may be such.
  expect(ranked).toBeGreaterThan(0);
});
