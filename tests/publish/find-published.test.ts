import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { parsePeriod } from "../../src/period.ts";
import { movePointers } from "../../src/publish/atomic.ts";
import { carryOver } from "../../src/publish/carry-over.ts";
import { findPublished, listPublished } from "../../src/publish/find-published.ts";
import { runFolder } from "../../src/publish/layout.ts";

const root = mkdtempSync(join(tmpdir(), "zhengxin-find-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let count = 0;
const newFolder = () => join(root, String(count++));

interface Run {
  readonly pipeline: string;
  readonly period: string;
  readonly run: string;
  readonly asOf: string;
}

function writeRun(folder: string, { pipeline, period, run, asOf }: Run): void {
  const { id, start, end } = parsePeriod(period);
  mkdirSync(folder, { recursive: true });
  const named = { period: { id, starts_on: start, ends_on: end }, as_of: asOf, run, pipeline };
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(named));
}

/** As an older program left it: runs of all pipelines side by side, and one pointer a period for all of them. */
function publishOlder(dataDir: string, runs: readonly Run[]): void {
  const published = join(dataDir, "published");
  const pointers = new Map<string, Run>();
  for (const one of runs) {
    writeRun(join(published, one.period, one.run), one);
    const held = pointers.get(one.period);
    if (!held || held.asOf <= one.asOf) pointers.set(one.period, one);
  }
  for (const [period, { run }] of pointers) symlinkSync(run, join(published, period, "latest"));
  const newest = [...pointers.keys()].sort().at(-1);
  if (newest) symlinkSync(join(newest, "latest"), join(published, "latest"));
}

function publishNow(dataDir: string, one: Run): void {
  const folder = runFolder(dataDir, one.pipeline, one.period, one.run);
  writeRun(folder, one);
  movePointers(dataDir, folder);
}

const APRIL: Run = { pipeline: "a", period: "2018-04", run: "1a", asOf: "2018-05-10 00:00:00" };
const MAY: Run = { pipeline: "a", period: "2018-05", run: "2a", asOf: "2018-06-10 00:00:00" };
const MAY_ANEW: Run = { ...MAY, run: "3a", asOf: "2018-07-10 00:00:00" };
const OTHER_MAY: Run = { ...MAY, pipeline: "b", run: "4b", asOf: "2018-08-10 00:00:00" };
const OTHER_JUNE: Run = { ...OTHER_MAY, period: "2018-06", run: "5b" };

const shown = (dataDir: string, pipeline: string, choice = {}) =>
  findPublished(dataDir, pipeline, choice).split("/").at(-1);

for (const [how, publish] of [
  ["as they lie now", (dataDir: string, runs: Run[]) => runs.map((r) => publishNow(dataDir, r))],
  ["as an older program left them", publishOlder],
  [
    "carried over",
    (dataDir: string, runs: Run[]) => {
      publishOlder(dataDir, runs);
      expect(carryOver(dataDir)).toBe(runs.length);
    },
  ],
] as const) {
  test(`months of two pipelines in one jurisdiction, ${how}, do not answer for each other`, () => {
    const dataDir = newFolder();
    publish(dataDir, [APRIL, MAY, MAY_ANEW, OTHER_MAY, OTHER_JUNE]);
    expect(shown(dataDir, "a")).toBe("3a");
    expect(shown(dataDir, "a", { period: "2018-04" })).toBe("1a");
    expect(shown(dataDir, "a", { period: "2018-05", asOf: "2018-07-09" })).toBe("2a");
    expect(shown(dataDir, "b")).toBe("5b");
    expect(shown(dataDir, "b", { period: "2018-05" })).toBe("4b");
    expect(() => shown(dataDir, "a", { period: "2018-06" })).toThrow(/2018-06/);
    expect(() => shown(dataDir, "a", { run: "4b" })).toThrow(/"a".*4b/s);
    expect(() => shown(dataDir, "b", { asOf: "2018-07-30" })).toThrow(/"b"/);
    expect(() => shown(dataDir, "c")).toThrow(/流程“c”尚未发布.*a、b.*"c".*a, b.*run c/s);
    expect(listPublished(dataDir, "a").map(({ run, latest, newest }) => [run, latest, newest]))
      // biome-ignore format: one row a run
      .toEqual([
      ["1a", true, false],
      ["2a", false, false],
      ["3a", true, true],
    ]);
  });
}

test("without a pointer that names one of its runs, of equal knowledge the run written last is in force", async () => {
  const dataDir = newFolder();
  const again: Run = { ...MAY, run: "0a" };
  publishOlder(dataDir, [MAY]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  writeRun(join(dataDir, "published", "2018-05", "0a"), again);
  expect(shown(dataDir, "a")).toBe("2a");
  rmSync(join(dataDir, "published", "2018-05", "latest"));
  expect(shown(dataDir, "a")).toBe("0a");
});

const PERIODS = ["2017-12", "2018-01", "2018-02"];
const runs = fc
  .array(
    fc.record({
      pipeline: fc.constantFrom("a", "b", "c"),
      period: fc.constantFrom(...PERIODS),
      day: fc.integer({ min: 10, max: 14 }),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((made) =>
    made.map(
      ({ pipeline, period, day }, at): Run => ({
        ...{ pipeline, period, run: `r${at}`, asOf: `2018-03-${day} 00:00:00` },
      }),
    ),
  );
const answers = (dataDir: string) =>
  ["a", "b", "c"].map((pipeline) =>
    listPublished(dataDir, pipeline).map(({ folder, ...one }) => one),
  );

test("carrying over changes no answer, and every later month of a pipeline leaves the others' answers as they were", () => {
  fc.assert(
    fc.property(runs, runs, (older, later) => {
      const dataDir = newFolder();
      publishOlder(dataDir, older);
      const before = answers(dataDir);
      expect(before.flat()).toHaveLength(older.length);
      expect(carryOver(dataDir)).toBe(older.length);
      expect(answers(dataDir)).toEqual(before);
      expect(carryOver(dataDir)).toBe(0);
      for (const [at, one] of later.entries()) {
        const held = answers(dataDir);
        publishNow(dataDir, { ...one, run: `l${at}` });
        const now = answers(dataDir);
        const place = ["a", "b", "c"].indexOf(one.pipeline);
        expect(now.toSpliced(place, 1)).toEqual(held.toSpliced(place, 1));
        const own = now[place] ?? [];
        expect(own.every(({ pipeline }) => pipeline === one.pipeline)).toBe(true);
        // Nothing of the period is known later than what is in force.
        const inForce = own.find(({ period, latest }) => latest && period === one.period);
        const known = own.filter(({ period }) => period === one.period).map(({ asOf }) => asOf);
        expect(inForce?.asOf).toBe(known.sort().at(-1));
        expect(own.filter(({ newest }) => newest).map(({ period }) => period)).toEqual([
          own
            .map(({ period }) => period)
            .toSorted()
            .at(-1),
        ]);
      }
    }),
    { numRuns: 60 },
  );
});

test("what was put aside goes along, what nobody can name stays, and no pointer of all pipelines is left", () => {
  const dataDir = newFolder();
  publishOlder(dataDir, [MAY]);
  const older = join(dataDir, "published", "2018-05");
  writeRun(join(older, "2a.superseded-1"), MAY);
  mkdirSync(join(older, "2a.unfinished"));
  mkdirSync(join(older, "damaged"));
  expect(carryOver(dataDir)).toBe(2);
  expect(readdirSync(older)).toEqual(["damaged"]);
  expect(readdirSync(join(dataDir, "published")).sort()).toEqual(["2018-05", "a"]);
  expect(readdirSync(join(dataDir, "published", "a", "2018-05")).sort()).toEqual([
    ...["2a", "2a.superseded-1", "latest"],
  ]);
  expect(lstatSync(join(dataDir, "published", "a", "latest")).isSymbolicLink()).toBe(true);
  expect(existsSync(join(dataDir, "published", "a", "latest", "manifest.json"))).toBe(true);
  expect(listPublished(dataDir, "a")).toHaveLength(1);
});
