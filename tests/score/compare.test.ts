import { expect, test } from "vitest";
import { compareUnits, findHomes } from "../../src/score/compare.ts";
import type { Sheets, Slot } from "../../src/score/sheets.ts";

const SLOTS: Slot[] = [
  { kind: "indicator", id: "one" },
  { kind: "indicator", id: "two" },
  { kind: "indicator", id: "three" },
  { kind: "deduction", id: "records" },
  { kind: "limit", id: "records" },
  { kind: "limit", id: "maximum" },
];
const NONE = Number.NaN;

/** Two units of one body: shares and scores of three indicators, then the points of a deduction and its limit. */
function makeSheets(
  units: { share: number[]; score: number[]; deduction?: [number, number] }[],
): Sheets {
  return {
    slots: SLOTS,
    indicators: 3,
    share: Float64Array.from(units.flatMap(({ share }) => share)),
    points: Float64Array.from(
      units.flatMap(({ share, score, deduction = [NONE, NONE] }) => [
        ...share.map((own, index) => own * score[index]!),
        ...deduction,
        NONE,
      ]),
    ),
  } as unknown as Sheets;
}

const compare = (sheets: Sheets) => compareUnits(sheets, findHomes(sheets), 0, 1);

// Then 0.5·80 + 0.5·60 = 70; now (90 + 60 + 99)/3 = 83. The first one's own score: (90 - 80) · (1/2 + 1/3)/2 = 25/6.
// Everything else, 13 - 25/6 = 53/6, came with the third indicator.
test("a newly assessable indicator and the weights it shifts are one change of scope", () => {
  const moved = compare(
    makeSheets([
      { share: [1 / 2, 1 / 2, NONE], score: [80, 60, NONE] },
      { share: [1 / 3, 1 / 3, 1 / 3], score: [90, 60, 99] },
    ]),
  );
  expect(moved.down).toEqual([]);
  expect(moved.up).toMatchObject([
    { kind: "scope", points: expect.closeTo(53 / 6, 10), entered: ["three"], left: [] },
    { kind: "indicator", id: "one", points: expect.closeTo(25 / 6, 10) },
  ]);
});

test("with the same weights an indicator is told with the whole difference of its contributions", () => {
  const moved = compare(
    makeSheets([
      { share: [0.5, 0.25, 0.25], score: [80, 60, 40] },
      { share: [0.5, 0.25, 0.25], score: [60, 100, 40] },
    ]),
  );
  expect(moved.up).toMatchObject([{ id: "two", points: 10 }]);
  expect(moved.down).toMatchObject([{ id: "one", points: -10 }]);
});

test("a deduction is told with its limit: what counts is what is left", () => {
  const same = { share: [1, NONE, NONE], score: [80, NONE, NONE] };
  const moved = compare(makeSheets([same, { ...same, deduction: [-10, 4] }]));
  expect(moved.down).toMatchObject([
    { kind: "deduction", id: "records", points: -6, capped: true },
  ]);
  expect(moved.up).toEqual([]);
});
