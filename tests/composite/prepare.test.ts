import { expect, test } from "vitest";
import { denominate } from "../../src/composite/denominate.ts";
import { evaluate, prepare } from "../../src/composite/evaluate.ts";
import { columnOf } from "../../src/composite/panel.ts";
import { treat } from "../../src/composite/treat.ts";
import type { Imputation, Transform, Treatment } from "../../src/standard/standard-methods.ts";
import { makePanel, makeSpecification, plain, type TestLeaf } from "./make-panel.ts";

const one = (leaf: Partial<TestLeaf> = {}, changes = {}) =>
  makeSpecification([{ id: "index" }], [{ id: "a", parent: "index", ...leaf }], changes);

test("values are divided; a missing or zero denominator leaves none", () => {
  const panel = makePanel([[10, 10, 10, null]], {
    denominators: { people: Float64Array.of(4, 0, Number.NaN, 2) },
  });
  expect(plain(denominate(one({ denominator: "people" }), panel))).toEqual([2.5, null, null, null]);
  expect(() => denominate(one({ denominator: "area" }), panel)).toThrow(
    /"a" is divided by "area", of which there are no values/,
  );
});

test.each<[string, Imputation, (number | null)[]]>([
  // Groups 0, 0, 0, 1, 1: the means are 2 and 10, the medians 2 and 10; all: 13/3 and 3.
  ["mean of the group", { method: "mean", among: "region" }, [1, 3, 2, 10, 10]],
  ["mean of all", { method: "mean", among: "level" }, [1, 3, 14 / 3, 10, 14 / 3]],
  ["median of all", { method: "median", among: "level" }, [1, 3, 3, 10, 3]],
])("imputed by the %s", (_name, imputation, expected) => {
  const panel = makePanel([[1, 3, null, 10, null]], {
    groupings: { peers: new Int32Array(5), region: Int32Array.of(0, 0, 0, 1, 1) },
  });
  const { values, imputed } = prepare(one({ imputation }), panel);
  expect(plain(values)).toEqual(expected);
  expect([...imputed]).toEqual([0, 0, 1, 0, 1]);
});

test.each<[string, Imputation, (number | null)[]]>([
  ["last observation", { method: "last_observation" }, [null, 4, 4, 4, 16, 16]],
  [
    "last observation, one period old",
    { method: "last_observation", maximum_age: 1 },
    [null, 4, 4, null, 16, 16],
  ],
  ["line between neighbours", { method: "linear" }, [null, 4, 8, 12, 16, null]],
  ["line, extended", { method: "linear", extend: true }, [4, 4, 8, 12, 16, 16]],
])("imputed by the %s", (_name, imputation, expected) => {
  // One body in six periods, its rows out of order: periods 0, 1, 2, 3, 4, 5 stand at rows 3, 0, 5, 1, 4, 2.
  const order = [3, 0, 5, 1, 4, 2];
  const inTime = [null, 4, null, null, 16, null];
  const rows: (number | null)[] = [];
  const period = new Int32Array(6);
  order.forEach((row, time) => {
    rows[row] = inTime[time] ?? null;
    period[row] = time;
  });
  const panel = makePanel([rows], {
    entity: Array.from({ length: 6 }, () => "one"),
    periods: ["1", "2", "3", "4", "5", "6"],
    period,
  });
  const { values } = prepare(one({ imputation }), panel);
  expect(order.map((row) => plain(values)[row])).toEqual(expected);
});

test("what does not apply is not imputed, unless it counts as missing", () => {
  const panel = makePanel([[1, null]], { inapplicable: Uint8Array.of(0, 1) });
  const imputation = { method: "mean", among: "level", assumption: true } as const;
  expect(plain(prepare(one({ imputation }), panel).values)).toEqual([1, null]);
  const counted = { missing: { rule: "require", not_applicable: "missing", assumption: true } };
  expect(plain(prepare(one({ imputation }, counted), panel).values)).toEqual([1, 1]);
});

test("who has too little is screened out: before imputation, or after", () => {
  const leaves = ["a", "b"].map((id) => ({
    id,
    parent: "index",
    imputation: { method: "mean", among: "level", assumption: true } as const,
  }));
  const run = (counts: "observed" | "imputed") =>
    prepare(
      makeSpecification([{ id: "index" }], leaves, {
        screening: { minimum_available: 0.9, counts, assumption: true },
      }),
      makePanel([
        [1, 3, 8],
        [2, 4, null],
      ]),
    );
  expect(plain(run("observed").values)).toEqual([1, 3, null, 2, 4, null]);
  expect([...run("observed").screened.kept]).toEqual([1, 1, 0]);
  expect([...run("observed").screened.available]).toEqual([1, 1, 0.5]);
  expect(plain(run("imputed").values)).toEqual([1, 3, 8, 2, 4, 3]);
});

const treated = (treatment: Treatment, values: number[]) => {
  const panel = makePanel([values]);
  const own = panel.values.slice();
  const decisions = treat(one({ treatment }), panel, own);
  return { values: plain(own), decision: decisions[0]! };
};
const transformed = (transform: Transform, values: number[]) =>
  treated({ method: "transform", transform, assumption: true }, values).values;

test("winsorised at quantiles", () => {
  const { values, decision } = treated(
    { method: "winsorise", low: 0.1, high: 0.9, assumption: true },
    [0, 10, 20, 30, 40],
  );
  expect(values).toEqual([4, 10, 20, 30, 36]);
  expect(decision.winsorised).toBe(2);
});

test("nothing is winsorised where it would make all values alike", () => {
  const values = [...new Array(19).fill(0), 9];
  const { values: kept, decision } = treated(
    { method: "winsorise", low: 0.05, high: 0.9, assumption: true },
    values,
  );
  expect(kept).toEqual(values);
  expect(decision.winsorised).toBe(0);
  const byShape = treated(
    { method: "skew_kurtosis", skewness: 2, kurtosis: 3.5, winsorise: 5, assumption: true },
    values,
  );
  expect(byShape.values).toEqual(values);
  expect(byShape.decision.winsorised).toBe(0);
});

test("transformations by their formulas", () => {
  const close = (found: (number | null)[], expected: number[]) =>
    found.forEach((value, place) => {
      expect(value).toBeCloseTo(expected[place]!, 12);
    });
  close(transformed({ method: "log" }, [1, Math.E]), [0, 1]);
  close(transformed({ method: "log_shift" }, [5, 5 + Math.E - 1]), [0, 1]);
  close(transformed({ method: "log_range" }, [3, 103]), [Math.log(1), Math.log(101)]);
  close(transformed({ method: "log_gii" }, [0, 5, 10]), [0, Math.log(5.5), Math.log(10)]);
  close(transformed({ method: "box_cox", lambda: 2 }, [3, 5]), [0, 4]);
  close(transformed({ method: "box_cox", lambda: 0 }, [3, 5]), [0, Math.log(3)]);
});

// λ = 0.3717 has the highest likelihood of all multiples of 0.0001 between -5 and 5 (found by trying all, in Python).
test("the most likely λ of Box and Cox", () => {
  const values = Array.from({ length: 41 }, (_, k) => (1 + k / 10) ** 2);
  const found = transformed({ method: "box_cox", lambda: "maximum_likelihood" }, values);
  expect(found.at(-1)).toBeCloseTo((25 ** 0.3717 - 1) / 0.3717, 2);
  expect(found[10]).toBeCloseTo((4 ** 0.3717 - 1) / 0.3717, 3);
});

test("a logarithm of nothing, and one that turns best into worst, are refused in a sentence", () => {
  expect(() => transformed({ method: "log" }, [0, 1])).toThrow(
    /its lowest value is 0, and the logarithm needs values above 0/,
  );
  expect(() => transformed({ method: "log_gii" }, [0.1, 0.9])).toThrow(
    /its highest value is 0.9, and at 1 or below the transformation turns best into worst/,
  );
});

const BY_SHAPE: Treatment = {
  method: "skew_kurtosis",
  skewness: 2,
  kurtosis: 3.5,
  winsorise: 5,
  otherwise: { method: "log_range" },
  assumption: true,
};

test("by shape: one outlier is moved in to the next value", () => {
  const { values, decision } = treated(BY_SHAPE, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1000]);
  expect(values).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 9]);
  expect([decision.winsorised, decision.shapes.map(({ passed }) => passed)]).toEqual([
    1,
    [false, true],
  ]);
});

test("by shape: at the low end where the skewness points there", () => {
  const { values } = treated(BY_SHAPE, [-1000, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(values).toEqual([1, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("by shape: where winsorising does not help, the values as they were are transformed", () => {
  const input = Array.from({ length: 30 }, (_, k) => Math.exp(k / 2));
  const rule: Treatment = { ...BY_SHAPE, winsorise: 1 } as Treatment;
  const { values, decision } = treated(rule, input);
  expect(decision.transformed).toBe("log_range");
  expect(decision.shapes.map(({ passed }) => passed)).toEqual([false, false, true]);
  const [low, high] = [input[0]!, input.at(-1)!];
  expect(values[7]).toBeCloseTo(Math.log(input[7]! - low + 0.01 * (high - low)), 12);
});

test("by shape: values that are well shaped, alike or too few stay as they are", () => {
  for (const input of [[1, 2, 3, 4, 5], [7, 7, 7, 7, 1e9].slice(0, 4), [1, 1e9]]) {
    const { values, decision } = treated(BY_SHAPE, input);
    expect(values).toEqual(input);
    expect(decision.shapes).toHaveLength(1);
  }
});

test("a reference period keeps old scores as they are when a new period arrives", () => {
  const rule = { method: "min_max", among: "level", reference_period: "1" } as const;
  const specification = one({ normalisation: rule });
  const first = makePanel([[0, 5, 10]], { periods: ["1", "2"] });
  const both = makePanel([[0, 5, 10, 20, 2.5]], {
    entity: ["a", "b", "c", "a", "b"],
    periods: ["1", "2"],
    period: Int32Array.of(0, 0, 0, 1, 1),
  });
  const before = plain(evaluate(specification, first).leaves);
  const after = plain(evaluate(specification, both).leaves);
  expect(before).toEqual([0, 50, 100]);
  // Beyond the reference's best a score stays at its end; within, it compares with that period.
  expect(after).toEqual([0, 50, 100, 100, 25]);
  const unknown = one({ normalisation: { ...rule, reference_period: "3" } });
  expect(() => evaluate(unknown, first)).toThrow(/The reference period 3 is not among the periods/);
});

test("columns are views, one after the other", () => {
  const panel = makePanel([
    [1, 2],
    [3, 4],
  ]);
  expect([...columnOf(panel, panel.values, 1)]).toEqual([3, 4]);
});
