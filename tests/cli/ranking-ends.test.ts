import { afterEach, expect, test } from "vitest";
import { describeRange } from "../../src/cli/rank.ts";
import { describeEnds, readEnds } from "../../src/cli/ranking-ends.ts";
import type { Context } from "../../src/context.ts";
import type { Store } from "../../src/store/store.ts";
import { openWorld } from "../measure/small-world.ts";

let store: Store;
afterEach(() => store?.close());

/** A class whose bodies b0, b1, … have the ranks given, without or with an interval of a place up and down. */
async function endsOf(ranks: readonly number[], intervals = false) {
  const bodies = ranks.map((_, at) => ({
    ...{ entity_id: `b${at}`, level: "district", parent_id: null, peer_class: "district" },
    ...{ name_zh: `区${at}`, name_en: `b${at}`, valid_from: "2010-01-01" },
  }));
  store = await openWorld({}, { bodies });
  for (const [at, rank] of ranks.entries()) {
    const given = { run: "r", entity: `b${at}`, rank, of: ranks.length };
    await store.run(
      `INSERT INTO scores.rank BY NAME SELECT $run AS run_id, '2018-06' AS period, $entity AS entity_id, 'district' AS level,
        'district' AS peer_class, 'ranked' AS state, 50 AS score, $rank AS rank, $of AS ranked_of, 'B' AS grade, 1 AS coverage`,
      given,
    );
    if (!intervals) continue;
    await store.run(
      `INSERT INTO scores.rank_uncertainty BY NAME SELECT 'r' AS run_id, '2018-06' AS period, 'district' AS level,
        'district' AS peer_class, $entity AS entity_id, source AS error_source, 100 AS replications,
        $rank - 1 AS rank_low, $rank + 1 AS rank_high FROM unnest(['all', 'data']) s (source)`,
      { entity: `b${at}`, rank },
    );
  }
  const context = {
    ...{ store, runId: "r", period: { id: "2018-06" } },
    pipeline: { report: { levels: [{ level: "district" }] } },
    standard: { peer_classes: [{ id: "district", level: "district", zh: "区", en: "Districts" }] },
  } as unknown as Context;
  const ends = await readEnds(context);
  const shown = ends.map(({ entity_id }) => Number(entity_id.slice(1)));
  return { shown, text: describeEnds(context, ends) };
}

test("the first three and the last three are shown, and that others stand between", async () => {
  const { shown, text } = await endsOf([1, 2, 3, 4, 5, 6, 7]);
  expect(shown).toEqual([0, 1, 2, 4, 5, 6]);
  expect(text.match(/…/g)).toHaveLength(1);
  expect(text).not.toContain("区间");
});

test("all who share one of the last places are shown", async () => {
  // Five share the fifth place of nine: none of them has a number among the last three.
  expect((await endsOf([1, 2, 3, 4, 5, 5, 5, 5, 5])).shown).toEqual([0, 1, 2, 4, 5, 6, 7, 8]);
});

test("all who share one of the first places are shown, and where nobody is left out nothing says so", async () => {
  const { shown, text } = await endsOf([1, 1, 1, 1, 5, 6]);
  expect(shown).toEqual([0, 1, 2, 3, 4, 5]);
  expect(text).not.toContain("…");
  store.close();
  expect((await endsOf([1, 1, 1, 1, 1, 1, 1, 1])).shown).toHaveLength(8);
});

test("the interval stands beside the rank, with a sentence that says what it is", async () => {
  const { text } = await endsOf([1, 2, 3, 4], true);
  expect(text).toMatch(/ 2 \(1–3\) +区1 b1 /);
  expect(text).toMatch(/括号内.*In brackets/);
});

test("a body without an interval leaves its place blank", () => {
  const some = { rank_low: 1.2, rank_high: 2.6 };
  const none = { rank_low: null, rank_high: null };
  expect(describeRange(some, [some, none])).toBe("(1–3)    ");
  expect(describeRange(none, [some, none])).toBe("         ");
  expect(describeRange(none, [none])).toBe("");
});
