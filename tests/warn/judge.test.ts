import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Episode, judgeSeries, judgeValue } from "../../src/warn/judge.ts";
import { makeRule } from "./make-rule.ts";

function judge(rule: Parameters<typeof judgeSeries>[0], list: readonly number[]) {
  const levels = new Uint8Array(list.length);
  const episodes = judgeSeries(rule, Float64Array.from(list), 0, list.length, levels);
  return { levels: [...levels], episodes };
}
const gap = Number.NaN;

describe("a rule with the lines 120, 200 and 300, given up below 115, 190 and 285", () => {
  const rule = makeRule({ persistence: 1, release_after: 1 });

  test("bands are half-open: the line itself counts", () => {
    expect(
      [119.999, 120, 199.999, 200, 299.999, 300].map((value) => judgeValue(rule, value)),
    ).toEqual(["green", "yellow", "yellow", "orange", "orange", "red"]);
  });

  test("a value that dances on the line makes one episode", () => {
    const { levels, episodes } = judge(rule, [119, 121, 119, 121, 118, 122, 116, 120, 114]);
    expect(levels).toEqual([0, 1, 1, 1, 1, 1, 1, 1, 0]);
    expect(episodes).toEqual([
      { began: 1, ended: 8, level: "green", peak: "yellow", since: 1, at: 7 },
    ]);
  });

  test("a level is left for the one whose release line is not reached yet", () => {
    // 189 is on the good side of 190, but 117 not yet of 115.
    expect(judge(rule, [310, 286, 284, 189, 117, 114]).levels).toEqual([3, 3, 2, 1, 1, 0]);
  });

  test("a period without a value changes nothing", () => {
    expect(judge(rule, [121, gap, gap, 114, gap, 119]).levels).toEqual([1, 1, 1, 0, 0, 0]);
    expect(judge(rule, [gap, gap]).episodes).toEqual([]);
  });

  test("an episode that goes on has no end, its level now and its peak", () => {
    expect(judge(rule, [90, 250, 195, 150]).episodes).toEqual<Episode[]>([
      { began: 1, ended: undefined, level: "yellow", peak: "orange", since: 3, at: 3 },
    ]);
  });
});

test("persistence: the level is taken in the second period in a row, given up in the third calm one", () => {
  const rule = makeRule({ persistence: 2, release_after: 3 });
  expect(judge(rule, [125, 119, 125, 125, 100, 100, 120, 100, 100, 100]).levels).toEqual([
    0, 0, 0, 1, 1, 1, 1, 1, 1, 0,
  ]);
  // Two periods in the orange band, of which the first also counts for yellow.
  expect(judge(rule, [121, 205, 205]).levels).toEqual([0, 1, 2]);
});

test("where lower is worse, below the line counts and the release line is above it", () => {
  const rule = makeRule({
    bands: [{ level: "yellow", below: 30, release: 33 }],
    persistence: 1,
    release_after: 1,
  });
  expect(judge(rule, [30, 29.9, 32.9, 33]).levels).toEqual([0, 1, 1, 0]);
});

test("above: the line itself does not count, and is good enough again", () => {
  const rule = makeRule({
    bands: [{ level: "red", above: 100, release: 100 }],
    persistence: 1,
    release_after: 1,
  });
  expect(judge(rule, [100, 100.01, 100]).levels).toEqual([0, 3, 0]);
});

describe("laws", () => {
  const values = fc.array(fc.double({ min: 0, max: 400, noNaN: true }), {
    minLength: 1,
    maxLength: 40,
  });
  const rules = fc.record({
    persistence: fc.integer({ min: 1, max: 4 }),
    release_after: fc.integer({ min: 1, max: 4 }),
  });

  test("worse values never make a better level", () => {
    fc.assert(
      fc.property(
        values,
        fc.double({ min: 0, max: 100, noNaN: true }),
        rules,
        (list, more, options) => {
          const rule = makeRule(options);
          const low = judge(rule, list).levels;
          const high = judge(
            rule,
            list.map((value) => value + more),
          ).levels;
          expect(high.every((level, at) => level >= (low[at] as number))).toBe(true);
        },
      ),
    );
  });

  test("values between a line and its release raise at most one episode", () => {
    const dancing = fc.array(fc.double({ min: 115, max: 199, noNaN: true }), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(dancing, rules, (list, options) => {
        expect(judge(makeRule(options), list).episodes.length).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("episodes are the stretches above green", () => {
    fc.assert(
      fc.property(values, rules, (list, options) => {
        const { levels, episodes } = judge(makeRule(options), list);
        const drawn = new Array<boolean>(list.length).fill(false);
        for (const { began, ended } of episodes) drawn.fill(true, began, ended ?? list.length);
        expect(drawn).toEqual(levels.map((level) => level > 0));
      }),
    );
  });
});
