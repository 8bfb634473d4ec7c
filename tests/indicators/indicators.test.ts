import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { measure } from "../../src/measure/measure.ts";
import { resolveIndicator } from "../../src/standard/indicator-family.ts";
import type { IndicatorFile } from "../../src/standard/indicator-file.ts";
import { listFiles, readIndicators } from "../../src/standard/workspace.ts";
import {
  type KnownRows,
  type MeasuredValue,
  makeContext,
  openWorld,
  readValues,
} from "../measure/small-world.ts";

// Every indicator has a pair, found here by name: <clause>/<name>.input.yaml holds a small table of known rows,
// <clause>/<name>.expected.csv the values worked out by hand, with the working. Lists have <name>.items.csv too.
// A body or period that expected.csv leaves out must have no evidence at all.

const FOLDER = import.meta.dirname;
const INDICATORS = readIndicators(join(FOLDER, "..", ".."));
const ids = [...INDICATORS.keys()].sort();
const inputs = pairNames(".input.yaml");
const expectations = pairNames(".expected.csv");

/** Of the city's clauses, not of another jurisdiction's. */
const isOwn = (id: string) => /^[A-D]\d\//.test(id);

interface Input {
  /** Of a family: the member the rows are measured for. */
  readonly member?: string;
  readonly periods?: readonly string[];
  readonly known: KnownRows;
}

describe("pairs", () => {
  it("there is one for every indicator, and none for anything else", () => {
    expect(inputs).toEqual(ids);
    expect(expectations).toEqual(ids);
  });

  it("covers every clause from A1 to D3", () => {
    const clauses = new Set(ids.filter(isOwn).map((id) => INDICATORS.get(id)?.clause));
    expect([...clauses].sort()).toEqual(
      "A1 A2 A3 A4 A5 A6 A7 B1 B2 C1 C2 C3 C4 C5 C6 D1 D2 D3".split(" "),
    );
  });
});

describe("words", () => {
  const measured = [...INDICATORS.values()].filter(({ aggregate }) => aggregate !== "list");
  const saying = (id: string) => INDICATORS.get(id) as IndicatorFile;

  it("say in both languages which rows count", () => {
    const silent = [...INDICATORS.values()].filter(
      ({ numerator }) => !numerator?.zh || !numerator.en,
    );
    expect(silent.map(({ id }) => id)).toEqual([]);
  });

  it("name the limit that the SQL compares with", () => {
    const numbers = ["", "one", "two", "three", "four", "five", "six", "seven"];
    let limits = 0;
    for (const { id, sql } of measured.filter(({ id }) => isOwn(id))) {
      const days = /(working_days_between|date_diff)\([^()]+\) <= (\d+) THEN/.exec(sql);
      if (!days) continue;
      limits += 1;
      const count = Number(days[2]);
      const unit = days[1] === "date_diff" ? "日" : "个工作日";
      expect(saying(id).numerator?.zh, id).toContain(`${count}${unit}内`);
      const working = days[1] === "date_diff" ? "" : "working ";
      expect(saying(id).numerator?.en, id).toMatch(
        new RegExp(`within (${count}|${numbers[count] ?? "-"}) ${working}day`),
      );
    }
    expect(limits).toBe(15);
  });

  it("say so where “basically satisfied” counts", () => {
    const rated = measured.filter(({ sql }) => sql.includes("'basically_satisfied'"));
    expect(rated.map(({ id }) => id).toSorted()).toEqual([
      "B1/proposal-satisfaction",
      "B2/complaint-satisfaction",
      "C6/service-satisfaction",
    ]);
    for (const { id, numerator } of rated) {
      expect(numerator?.zh, id).toContain("基本满意");
      expect(numerator?.en, id).toContain("basically satisfied");
    }
  });

  it("say what is left out where the SQL leaves rows out", () => {
    const leaving = measured.filter(({ id, sql }) => isOwn(id) && !/false AS excluded/.test(sql));
    for (const { id, denominator } of leaving) {
      expect(denominator.zh, id).toContain("不计入");
      expect(denominator.en, id).toContain("left out");
    }
  });

  // The review's findings: each state, kind or day that the SQL treats apart is in the words.
  it.each([
    ["D2/task-overdue-share", "denominator", "信用报告使用事项另计", "use of credit reports"],
    ["D2/task-overdue-share", "numerator", "期末当日到期的也计", "its last day included"],
    ["A2/record-publication-delay-median", "denominator", "查否和已撤销", "unfounded or revoked"],
    ["A2/record-publication-delay-median", "denominator", "法院公布", "the court's list"],
    ["A5/repair-share", "denominator", "异议中的不选取", "disputed ones are never selected"],
    ["B2/complaint-backlog", "numerator", "期末当日到期的也计", "its last day included"],
    ["B2/complaint-backlog", "denominator", "更早受理的只计入分子", "count in the numerator alone"],
    ["A6/credit-report-use", "denominator", "窗口内到期", "due in the window"],
  ] as const)("of %s, %s: %s", (id, part, zh, en) => {
    expect(saying(id)[part]?.zh).toContain(zh);
    expect(saying(id)[part]?.en).toContain(en);
  });
});

describe.each(inputs)("%s", (id) => {
  const input = parseYaml(readFileSync(join(FOLDER, `${id}.input.yaml`), "utf8")) as Input;
  const expected = readTable(`${id}.expected.csv`).map(toValue);
  const items = readTable(`${id}.items.csv`);

  it.runIf(isOwn(id))("shows the cases that matter", () => {
    const states = new Set(expected.map(({ state }) => state));
    expect(states).toContain("assessed");
    // Where nobody can have too few, or nobody can lack a field to be asked about, the pair shows what there is instead.
    if (id !== "C6/service-fields-covered") {
      expect(states).toContain("too_few");
      expect(expected.some(({ excluded }) => excluded > 0)).toBe(true);
    }
    if (INDICATORS.get(id)?.when_empty !== "zero" && id !== "B2/complaint-volume") {
      expect(states).toContain("not_applicable");
    }
  });

  it("gives the values worked out by hand", async () => {
    const store = await openWorld(repeatRows(input.known));
    const indicator = resolveIndicator(INDICATORS, input.member ? `${id}/${input.member}` : id);
    if (!indicator) throw new Error(`There is no indicator ${id}.`);
    await measure(makeContext(store, [indicator], input.periods ?? ["2018-06"]));
    const values = await readValues(store);
    const found = new Map(values.map((value) => [keyOf(value), toComparable(value)]));
    for (const value of expected) {
      expect({ of: keyOf(value), ...found.get(keyOf(value)) }).toEqual({
        of: keyOf(value),
        ...toComparable(value),
      });
    }
    const told = new Set(expected.map(keyOf));
    const untold = values.filter((value) => !told.has(keyOf(value)));
    expect(untold.filter(({ sample_size, excluded }) => sample_size + excluded > 0)).toEqual([]);
    if (indicator.aggregate === "list") {
      const listed = await store.rows(
        `SELECT i.entity_id, r.period, i.category, i.record_key, i.occurred_on, coalesce(CAST(i.ended_on AS VARCHAR), '') AS ended_on,
           coalesce(CAST(CAST(i.amount AS DOUBLE) AS VARCHAR), '') AS amount
         FROM facts.run_computation r JOIN facts.item i ON i.fingerprint = r.fingerprint
         ORDER BY i.entity_id, r.period, i.category, i.record_key`,
      );
      expect(
        listed.map((row) => ({ ...row, amount: row.amount === "" ? null : Number(row.amount) })),
      ).toEqual(
        items.map((row) => ({ ...row, amount: row.amount === "" ? null : Number(row.amount) })),
      );
    }
    store.close();
  });
});

function pairNames(ending: string): string[] {
  return listFiles(FOLDER, ending)
    .map((file) => file.slice(0, -ending.length))
    .sort();
}

function readTable(file: string): Record<string, string>[] {
  if (!listFiles(FOLDER, ".csv").includes(file)) return [];
  return parse(readFileSync(join(FOLDER, file), "utf8"), { columns: true, comment: "#" });
}

/** A row with `times: 9` stands for nine of them. */
function repeatRows(known: KnownRows): KnownRows {
  return Object.fromEntries(
    Object.entries(known).map(([table, rows]) => [
      table,
      rows.flatMap(({ times = 1, ...row }) => Array.from({ length: Number(times) }, () => row)),
    ]),
  );
}

type Expectation = Omit<MeasuredValue, "indicator_id">;

function toValue(row: Record<string, string>): Expectation {
  const optional = (text: string | undefined) => (text === "" || text === undefined ? null : text);
  const value = optional(row.value);
  return {
    entity_id: row.entity_id!,
    period: row.period!,
    state: row.state!,
    numerator: optional(row.numerator),
    denominator: optional(row.denominator),
    value: value === null ? null : Number(value),
    sample_size: Number(row.sample_size),
    excluded: Number(row.excluded),
  };
}

function keyOf({ entity_id, period }: Expectation): string {
  return `${entity_id} ${period}`;
}

/** Sums are compared exactly, quotients to eleven significant digits. */
function toComparable(value: Expectation) {
  const { state, sample_size, excluded } = value;
  return {
    state,
    numerator: value.numerator === null ? null : Number(value.numerator),
    denominator: value.denominator === null ? null : Number(value.denominator),
    value: value.value === null ? null : value.value.toPrecision(11),
    sample_size,
    excluded,
  };
}
