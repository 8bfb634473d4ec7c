import { expect, test } from "vitest";
import { chooseRun } from "../../src/publish/choose-run.ts";

const run = (period: string, name: string, asOf: string, latest = false) => ({
  ...{ period, run: name, asOf, latest, newest: false },
});
/** December was published in January and, corrected, in March; November anew in April. */
const RUNS = [
  run("2018-11", "a", "2018-12-10 00:00:00"),
  run("2018-11", "d", "2019-04-10 00:00:00", true),
  run("2018-12", "b", "2019-01-10 08:00:00"),
  run("2018-12", "c", "2019-03-10 00:00:00", true),
];
const choose = (wanted: Parameters<typeof chooseRun>[1], newest = "c") =>
  chooseRun(
    RUNS.map((one) => ({ ...one, newest: one.run === newest })),
    wanted,
  )?.run;

test("without a time it is the run in force: of the newest period, or of the one named", () => {
  expect(choose({})).toBe("c");
  expect(choose({ period: "2018-11" })).toBe("d");
  expect(choose({}, "d")).toBe("d");
  expect(choose({ period: "2017-01" })).toBeUndefined();
});

test("as of a time it is the newest run of what was known no later", () => {
  expect(choose({ period: "2018-12", asOf: "2019-01-10 08:00:00" })).toBe("b");
  expect(choose({ period: "2018-12", asOf: "2019-03-09 23:59:59" })).toBe("b");
  expect(choose({ period: "2018-12", asOf: "2030-01-01" })).toBe("c");
  // A day is its first moment: the run of 08:00 was not there yet.
  expect(choose({ period: "2018-12", asOf: "2019-01-10" })).toBeUndefined();
  expect(choose({ period: "2018-11", asOf: "2019-03-01" })).toBe("a");
  // Without a period: the newest of those that were known.
  expect(choose({ asOf: "2018-12-31" })).toBe("a");
  expect(choose({ asOf: "2019-02-01" })).toBe("b");
});

test("a run is found by its name, in whatever period; of two as of the same time, the one in force counts", () => {
  expect(choose({ run: "a" })).toBe("a");
  expect(choose({ run: "a", period: "2018-12" })).toBeUndefined();
  const twins = [
    run("2018-12", "x", "2019-01-10 00:00:00", true),
    run("2018-12", "y", "2019-01-10 00:00:00"),
  ];
  expect(chooseRun(twins, { asOf: "2019-01-10" })?.run).toBe("x");
});
