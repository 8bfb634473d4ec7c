import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { type Bench, openBench } from "./fixture.ts";
import { BODIES, DISTRICTS, HONOURS } from "./sources.ts";

let bench: Bench;
afterEach(() => bench.close());

interface Report {
  readonly key: string;
  readonly title: string;
  readonly known: string;
}

function report(key: string, title: string, known: string): Report & Record<string, string> {
  return { key, title, known, body: "370202" };
}

async function openHonours(): Promise<void> {
  bench = await openBench([BODIES, HONOURS]);
  await bench.deliver("bodies", "b.csv", DISTRICTS);
}

const VERSIONS = `SELECT record_key AS key, title, CAST(known_from AS DATE) AS "from", CAST(known_to AS DATE) AS "to"
  FROM core.honour ORDER BY record_key, known_from`;
const OUTCOMES =
  "SELECT outcome, count(*) AS n FROM core.sighting GROUP BY outcome ORDER BY outcome";

describe("versions", () => {
  test("a later, different report ends the earlier version", async () => {
    await openHonours();
    await bench.deliver("honours", "1.csv", [report("a", "x", "2018-01-01")]);
    await bench.conform();
    await bench.deliver("honours", "2.csv", [report("a", "y", "2018-03-01")]);
    await bench.conform();
    expect(await bench.rows(VERSIONS)).toEqual([
      { key: "a", title: "x", from: "2018-01-01", to: "2018-03-01" },
      { key: "a", title: "y", from: "2018-03-01", to: null },
    ]);
  });

  test.each([0, 100_000])(
    "a correction that DuckDB's own hash cannot tell from the first report is one all the same (bulk above %i rows)",
    async (bulkRows) => {
      await openHonours();
      const [before, after] = ["XX201601290001829", "XX201608290001899"];
      expect(await bench.rows(`SELECT hash('${before}') = hash('${after}') AS same`)).toEqual([
        { same: true },
      ]);
      await bench.deliver("honours", "1.csv", [
        report("a", before, "2018-01-01"),
        report("a", after, "2018-03-01"),
        report(before, "x", "2018-01-01"),
        report(after, "y", "2018-01-01"),
      ]);
      await bench.conform({ bulkRows });
      expect(await bench.rows(VERSIONS)).toEqual([
        { key: before, title: "x", from: "2018-01-01", to: null },
        { key: after, title: "y", from: "2018-01-01", to: null },
        { key: "a", title: before, from: "2018-01-01", to: "2018-03-01" },
        { key: "a", title: after, from: "2018-03-01", to: null },
      ]);
      expect(await bench.rows(OUTCOMES)).toEqual([]);
    },
  );

  test("what is known depends on the as-of time", async () => {
    await openHonours();
    await bench.deliver("honours", "1.csv", [
      report("a", "x", "2018-01-01"),
      report("a", "y", "2018-03-01"),
    ]);
    await bench.conform();
    const titles: unknown[] = [];
    for (const day of ["2017-12-31", "2018-01-01", "2018-02-28 23:59:59", "2018-03-01"]) {
      await bench.context.store.run(`SET VARIABLE as_of = TIMESTAMP '${day}'`);
      titles.push(
        (await bench.rows<{ title: string }>("SELECT title FROM known.honour"))[0]?.title,
      );
    }
    expect(titles).toEqual([undefined, "x", "x", "y"]);
  });

  test("the same content again is a counted duplicate and no version", async () => {
    await openHonours();
    await bench.deliver("honours", "1.csv", [
      report("a", "x", "2018-01-01"),
      report("a", "x", "2018-01-01"),
    ]);
    await bench.deliver("honours", "2.csv", [report("a", "x", "2018-02-01")]);
    await bench.conform();
    expect(await bench.rows(VERSIONS)).toEqual([
      { key: "a", title: "x", from: "2018-01-01", to: null },
    ]);
    expect(await bench.rows(OUTCOMES)).toEqual([{ outcome: "duplicate", n: 2 }]);
  });

  test("a late delivery slots in between, and brings a dropped duplicate back", async () => {
    await openHonours();
    await bench.deliver("honours", "1.csv", [report("a", "x", "2018-01-01")]);
    await bench.deliver("honours", "3.csv", [report("a", "x", "2018-03-01")]);
    await bench.conform();
    await bench.deliver("honours", "2.csv", [report("a", "y", "2018-02-01")]);
    await bench.conform();
    expect(await bench.rows(VERSIONS)).toEqual([
      { key: "a", title: "x", from: "2018-01-01", to: "2018-02-01" },
      { key: "a", title: "y", from: "2018-02-01", to: "2018-03-01" },
      { key: "a", title: "x", from: "2018-03-01", to: null },
    ]);
    expect(await bench.rows(OUTCOMES)).toEqual([]);
  });

  test("a slot-in that makes neighbours equal drops the later one", async () => {
    await openHonours();
    await bench.deliver("honours", "1.csv", [report("a", "x", "2018-01-01")]);
    await bench.deliver("honours", "3.csv", [report("a", "y", "2018-03-01")]);
    await bench.conform();
    await bench.deliver("honours", "2.csv", [report("a", "y", "2018-02-01")]);
    await bench.conform();
    expect(await bench.rows(VERSIONS)).toEqual([
      { key: "a", title: "x", from: "2018-01-01", to: "2018-02-01" },
      { key: "a", title: "y", from: "2018-02-01", to: null },
    ]);
    expect(await bench.rows(OUTCOMES)).toEqual([{ outcome: "duplicate", n: 1 }]);
  });

  test.each([0, 100_000])(
    "two contents with one time: neither counts, both are set aside and told (bulk above %i rows)",
    async (bulkRows) => {
      await openHonours();
      await bench.deliver("honours", "1.csv", [
        report("a", "x", "2018-01-01"),
        report("b", "x", "2018-01-01"),
        report("a", "y", "2018-01-01"),
        report("a", "x", "2018-01-01"),
      ]);
      const outcome = await bench.conform({ bulkRows });
      expect(await bench.rows(VERSIONS)).toEqual([
        { key: "b", title: "x", from: "2018-01-01", to: null },
      ]);
      expect(outcome.counts).toMatchObject({ conflicts: 3 });
      const aside = await bench.rows(
        "SELECT line, reason, value, message_zh, message_en FROM quarantine.row ORDER BY line",
      );
      expect(aside).toEqual(
        [2, 4, 5].map((line) => ({
          line,
          reason: "conflict",
          value: "a",
          message_zh: expect.stringMatching(/（(\w{12}):2, \1:4, \1:5）/),
          message_en: expect.stringContaining('3 rows of the record "a"'),
        })),
      );
      expect(await bench.rows(OUTCOMES)).toEqual([{ outcome: "conflict", n: 3 }]);
    },
  );

  test("reports that contradict each other are no news: the version before stays, and a later report ends it", async () => {
    await openHonours();
    await bench.deliver("honours", "1.csv", [report("a", "x", "2018-01-01")]);
    await bench.conform();
    await bench.deliver("honours", "2.csv", [
      report("a", "y", "2018-02-01"),
      report("a", "z", "2018-02-01"),
    ]);
    await bench.conform();
    expect(await bench.rows(VERSIONS)).toEqual([
      { key: "a", title: "x", from: "2018-01-01", to: null },
    ]);
    await bench.deliver("honours", "3.csv", [report("a", "z", "2018-03-01")]);
    await bench.conform();
    expect(await bench.rows(VERSIONS)).toEqual([
      { key: "a", title: "x", from: "2018-01-01", to: "2018-03-01" },
      { key: "a", title: "z", from: "2018-03-01", to: null },
    ]);
    expect(await bench.rows(OUTCOMES)).toEqual([{ outcome: "conflict", n: 2 }]);
  });

  test("two files that contradict each other at one time do so as two rows of one file do", async () => {
    await openHonours();
    await bench.deliver("honours", "1.csv", [report("a", "x", "2018-01-01")]);
    await bench.deliver("honours", "2.csv", [report("a", "x", "2018-02-01")]);
    await bench.conform();
    expect(await bench.rows(OUTCOMES)).toEqual([{ outcome: "duplicate", n: 1 }]);
    await bench.deliver("honours", "3.csv", [report("a", "y", "2018-01-01")]);
    await bench.conform();
    // What was said again in February is news now.
    expect(await bench.rows(VERSIONS)).toEqual([
      { key: "a", title: "x", from: "2018-02-01", to: null },
    ]);
    expect(await bench.rows(OUTCOMES)).toEqual([{ outcome: "conflict", n: 2 }]);
  });
});

describe("order", () => {
  const ORDERED = HONOURS.replace("known_at:", "order: no\nknown_at:");
  const BY_RANK = HONOURS.replace("known_at:", "order: title\nknown_at:");

  async function openOrdered(definition: string): Promise<void> {
    bench = await openBench([BODIES, definition]);
    await bench.deliver("bodies", "b.csv", DISTRICTS);
  }
  const ordered = (no: string, title: string, known = "2018-01-01") => ({
    ...report("a", title, known),
    no,
  });

  test.each([
    ["numbers as numbers", ["10", "9", "9.5"]],
    ["times as times", ["2018-01-02 08:00", "2018-01-01", "2018/1/2"]],
    ["days with and without separators", ["2018-01-10", "20180109", "2018-01-08"]],
  ])("the greatest is the latest: %s", async (_, [latest, ...others]) => {
    await openOrdered(ORDERED);
    await bench.deliver("honours", "1.csv", [
      ordered(latest as string, "latest"),
      ...others.map((no) => ordered(no, `at ${no}`)),
    ]);
    await bench.conform();
    expect(await bench.rows(VERSIONS)).toEqual([
      { key: "a", title: "latest", from: "2018-01-01", to: null },
    ]);
    expect(await bench.rows(OUTCOMES)).toEqual([{ outcome: "superseded", n: 2 }]);
    expect(await bench.rows("SELECT * FROM quarantine.row")).toEqual([]);
  });

  test("a column of core tells the order too", async () => {
    await openOrdered(BY_RANK);
    await bench.deliver("honours", "1.csv", [
      report("a", "3", "2018-01-01"),
      report("a", "12", "2018-01-01"),
      report("a", "7", "2018-01-01"),
    ]);
    await bench.conform();
    expect(await bench.rows(VERSIONS)).toMatchObject([{ title: "12" }]);
  });

  test.each([
    ["equal", "2", "2"],
    ["empty", "2", ""],
    ["told in two ways", "2", "2018-01-01"],
    ["no order at all", "乙", "甲"],
  ])("an order that does not decide (%s) leaves a contradiction", async (_, one, other) => {
    await openOrdered(ORDERED);
    await bench.deliver("honours", "1.csv", [ordered(one, "x"), ordered(other, "y")]);
    await bench.conform();
    expect(await bench.rows(VERSIONS)).toEqual([]);
    expect(await bench.rows(OUTCOMES)).toEqual([{ outcome: "conflict", n: 2 }]);
  });

  test("a greater order in a later file resolves a contradiction, and one without the column is refused", async () => {
    await openOrdered(ORDERED);
    await bench.deliver("honours", "1.csv", [ordered("2", "x"), ordered("2", "y")]);
    await bench.conform();
    await bench.deliver("honours", "2.csv", [ordered("3", "z")]);
    await bench.deliver("honours", "3.csv", [report("a", "w", "2018-01-01")]);
    await bench.conform();
    expect(await bench.rows(VERSIONS)).toMatchObject([{ title: "z" }]);
    expect(await bench.rows(OUTCOMES)).toEqual([{ outcome: "superseded", n: 2 }]);
    expect(
      await bench.rows("SELECT file_name FROM raw.file WHERE refused_because IS NOT NULL"),
    ).toEqual([{ file_name: "3.csv" }]);
  });
});

/** What the versions must be, worked out one key at a time in plain code. */
function expectedVersions(files: readonly (readonly Report[])[]) {
  const byKey = new Map<string, Map<string, Report>>();
  for (const row of files.flat()) {
    const times = byKey.get(row.key) ?? new Map<string, Report>();
    times.set(row.known, row);
    byKey.set(row.key, times);
  }
  return [...byKey.keys()].sort().flatMap((key) => {
    const reports = [...(byKey.get(key) as Map<string, Report>).values()].sort((a, b) =>
      a.known < b.known ? -1 : 1,
    );
    const kept = reports.filter((each, index) => each.title !== reports[index - 1]?.title);
    return kept.map((each, index) => ({
      key,
      title: each.title,
      from: each.known,
      to: kept[index + 1]?.known ?? null,
    }));
  });
}

// One title per key and time, so that who wins does not depend on hashes of files.
const reports = fc
  .array(
    fc.record({
      key: fc.constantFrom("a", "b", "c"),
      day: fc.integer({ min: 1, max: 6 }),
      title: fc.constantFrom("x", "y"),
    }),
    { minLength: 1, maxLength: 14 },
  )
  .map((rows) => {
    const titles = new Map<string, string>();
    return rows.map(({ key, day, title }) => {
      const at = `${key}${day}`;
      titles.set(at, titles.get(at) ?? title);
      return report(key, titles.get(at) as string, `2018-01-0${day}`);
    });
  });

async function loadInSteps(
  files: readonly (readonly Report[])[],
  conformAfter: readonly boolean[],
  bulkRows = 100_000,
): Promise<{ versions: unknown[]; outcomes: unknown[]; aside: unknown[] }> {
  for (const table of ["core.honour", "core.sighting", "quarantine.row", "raw.file"]) {
    await bench.context.store.run(`DELETE FROM ${table} WHERE source_id = 'honours'`);
  }
  for (const [index, file] of files.entries()) {
    if (file.length === 0) continue;
    await bench.deliver("honours", `${JSON.stringify(file)}.csv`, file as never);
    if (conformAfter[index]) await bench.conform({ bulkRows });
  }
  await bench.conform({ bulkRows });
  const versions = await bench.rows(VERSIONS);
  const outcomes = await bench.rows(OUTCOMES);
  const aside = await bench.rows(
    "SELECT value, reason, message_en FROM quarantine.row WHERE source_id = 'honours' ORDER BY ALL",
  );
  return { versions, outcomes, aside };
}

test("any order and any partition of deliveries gives the same versions, as plain code works them out", async () => {
  await openHonours();
  await fc.assert(
    fc.asyncProperty(
      reports,
      fc.array(fc.nat(3), { minLength: 14, maxLength: 14 }),
      fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
      fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
      fc.constantFrom(0, 100_000),
      async (rows, parts, conformAfter, order, bulkRows) => {
        const files = order.map((part) => rows.filter((_, index) => parts[index] === part));
        // Two files with the same bytes are one delivery, and their rows no duplicates.
        const texts = files.filter(({ length }) => length > 0).map((file) => JSON.stringify(file));
        fc.pre(new Set(texts).size === texts.length);
        const result = (await loadInSteps(files, conformAfter, bulkRows)) as { versions: unknown };
        expect(result.versions).toEqual(expectedVersions([rows]));
        const whole = await loadInSteps([rows], [false]);
        expect(result).toEqual(whole);
      },
    ),
    { numRuns: 15 },
  );
});

const anyReport = fc
  .tuple(fc.constantFrom("a", "b"), fc.constantFrom("x", "y", "z"), fc.constantFrom(1, 2, 3))
  .map(([key, title, day]) => report(key, title, `2018-01-0${day}`));

test("with contradictions too, neither the order of files nor the way they are loaded matters, and plain code agrees", async () => {
  await openHonours();
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.array(anyReport, { minLength: 1, maxLength: 4 }), {
        minLength: 2,
        maxLength: 4,
        selector: (file) => JSON.stringify(file),
      }),
      fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
      fc.constantFrom(0, 100_000),
      async (files, conformAfter, bulkRows) => {
        const forward = await loadInSteps(files, conformAfter, bulkRows);
        const backward = await loadInSteps([...files].reverse(), [false]);
        expect(forward).toEqual(backward);
        const said = files.flat();
        const contradicts = ({ key, title, known }: Report) =>
          said.some((one) => one.key === key && one.known === known && one.title !== title);
        const clear = said.filter((one) => !contradicts(one));
        expect(forward.versions).toEqual(expectedVersions([clear]));
        expect(forward.aside).toHaveLength(said.length - clear.length);
      },
    ),
    { numRuns: 12 },
  );
});

test("conforming again changes nothing", async () => {
  await openHonours();
  await bench.deliver("honours", "1.csv", [
    report("a", "x", "2018-01-01"),
    report("a", "y", "2018-02-01"),
    report("b", "x", "2018-01-01"),
    report("b", "x", "2018-01-01"),
    { ...report("c", "x", "2018-01-01"), body: "nobody" },
  ]);
  const state = async () => ({
    core: await bench.rows("SELECT * FROM core.honour ORDER BY ALL"),
    codes: await bench.rows("SELECT * FROM core.entity_code ORDER BY ALL"),
    sightings: await bench.rows(
      "SELECT * REPLACE (CAST(row_hash AS VARCHAR) AS row_hash) FROM core.sighting ORDER BY ALL",
    ),
    quarantine: await bench.rows("SELECT * FROM quarantine.row ORDER BY ALL"),
    files: await bench.rows("SELECT * FROM raw.file ORDER BY file_id"),
  });
  await bench.conform();
  const first = await state();
  expect(first.core).toHaveLength(3);
  expect(first.quarantine).toHaveLength(1);
  const again = await bench.conform();
  expect(again.counts).toMatchObject({ files: 0, rows: 0 });
  expect(await state()).toEqual(first);
});
