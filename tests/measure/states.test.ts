import { afterEach, describe, expect, it } from "vitest";
import { makeIndicator } from "./make-indicator.ts";
import { closeWorlds, complaint, measureOne } from "./measure-one.ts";

afterEach(closeWorlds);

describe("windows", () => {
  const known = {
    complaint: ["2017-06-30", "2017-07-01", "2018-01-31", "2018-06-30", "2018-07-01"].map((day) =>
      complaint("D1", day),
    ),
  };

  it("hold twelve months that end with the period, both ends inside", async () => {
    const { of } = await measureOne(known, makeIndicator(), ["2018-05", "2018-06"]);
    // To May: 30 June 2017, 1 July, 31 January. To June: 1 July, 31 January, 30 June.
    expect(of("D1", "2018-05")?.sample_size).toBe(3);
    expect(of("D1", "2018-06")?.sample_size).toBe(3);
  });

  it("may be shorter, and end with a quarter or a year", async () => {
    const one = await measureOne(known, makeIndicator(), ["2018-06"], { windowMonths: 1 });
    expect(one.of("D1")?.sample_size).toBe(1);
    const quarter = await measureOne(known, makeIndicator(), ["2018-Q1", "2018-Q2"], {
      windowMonths: 6,
    });
    // To March: October to March holds 31 January. To June: January to June holds 31 January and 30 June.
    expect(quarter.of("D1", "2018-Q1")?.sample_size).toBe(1);
    expect(quarter.of("D1", "2018-Q2")?.sample_size).toBe(2);
    const year = await measureOne(known, makeIndicator(), ["2017", "2018"], {
      asOf: "2019-01-10 00:00:00",
    });
    expect(year.of("D1", "2017")?.sample_size).toBe(2);
    expect(year.of("D1", "2018")?.sample_size).toBe(3);
  });

  it("end with the last day that is over at the as-of time", async () => {
    const { of } = await measureOne(known, makeIndicator(), ["2018-06"], {
      asOf: "2018-06-30 12:00:00",
    });
    expect(of("D1")?.sample_size).toBe(2);
  });

  it("give states the period itself, cut the same way", async () => {
    const state = makeIndicator({
      evidence: "state",
      sql: `SELECT c.entity_id, p.period, CAST(c.received_at AS DATE) AS occurred_on, 1 AS numerator, 1 AS denominator,
              CAST(NULL AS VARCHAR) AS category, false AS excluded, c.record_key, c.file_id, c.line
            FROM known.complaint c JOIN period p ON CAST(c.received_at AS DATE) BETWEEN p.start AND p."end"`,
    });
    const whole = await measureOne(known, state, ["2018-06", "2018-Q2"]);
    expect(whole.of("D1", "2018-06")?.sample_size).toBe(1);
    expect(whole.of("D1", "2018-Q2")?.sample_size).toBe(1);
    const cut = await measureOne(known, state, ["2018-06"], { asOf: "2018-06-30 12:00:00" });
    expect(cut.of("D1")?.sample_size).toBe(0);
  });
});

describe("states", () => {
  it("nothing delivered is no data, for everybody", async () => {
    const { values } = await measureOne({ complaint: [complaint("D1", "2017-06-30")] });
    expect(new Set(values.map(({ state }) => state))).toEqual(new Set(["no_data"]));
    expect(values.every(({ value, numerator }) => value === null && numerator === null)).toBe(true);
  });

  it("a table delivered without evidence for anybody is not applicable", async () => {
    const none = makeIndicator({
      sql: `${makeIndicator().sql} WHERE channel = 'letter'`,
      reads: { complaint: ["resolved", "category?", "channel"] },
    });
    const { values } = await measureOne({ complaint: [complaint("D1", "2018-06-01")] }, none);
    expect(new Set(values.map(({ state }) => state))).toEqual(new Set(["not_applicable"]));
  });

  it("evidence that can be assessed of nobody is no data", async () => {
    const { of } = await measureOne({
      complaint: [complaint("D1", "2018-06-01", { resolved: null })],
    });
    expect(of("D1")).toMatchObject({ state: "no_data", sample_size: 0, excluded: 1, value: null });
    expect(of("D2")).toMatchObject({ state: "no_data" });
  });

  it("others' evidence is not applicable to me, or zero where the indicator says so", async () => {
    const known = { complaint: [complaint("D1", "2018-06-01")] };
    expect((await measureOne(known)).of("D2")).toMatchObject({
      state: "not_applicable",
      value: null,
    });
    const zero = makeIndicator({ when_empty: "zero" });
    expect((await measureOne(known, zero)).of("D2")).toMatchObject({ state: "assessed", value: 0 });
  });

  it("a small sample is too few, with its counts and without a value", async () => {
    const known = {
      complaint: [complaint("D1", "2018-06-01"), complaint("D1", "2018-06-02", { resolved: null })],
    };
    const { of } = await measureOne(known, makeIndicator({ minimum_sample: 2 }));
    expect(of("D1")).toMatchObject({
      state: "too_few",
      numerator: "1.000000",
      denominator: "1.000000",
      value: null,
      sample_size: 1,
      excluded: 1,
    });
  });

  it("a row without a number cannot be assessed, and is counted as left out", async () => {
    const missing = makeIndicator({
      sql: makeIndicator().sql.replace("1 AS denominator", "CAST(NULL AS INTEGER) AS denominator"),
    });
    const { of } = await measureOne({ complaint: [complaint("D1", "2018-06-01")] }, missing);
    expect(of("D1")).toMatchObject({ sample_size: 0, excluded: 1, value: null });
  });

  it("the scale makes percent of a share", async () => {
    const { of } = await measureOne(
      {
        complaint: [
          complaint("D1", "2018-06-01"),
          complaint("D1", "2018-06-02", { resolved: false }),
        ],
      },
      makeIndicator({ scale: 100 }),
    );
    expect(of("D1")?.value).toBe(50);
  });
});

describe("bodies", () => {
  it("are measured in the periods on whose last day they are in force", async () => {
    const entity = (entity_id: string, more: Record<string, unknown>) => ({
      entity_id,
      level: "district",
      name_zh: entity_id,
      name_en: entity_id,
      peer_class: "district",
      valid_from: "2010-01-01",
      ...more,
    });
    const { values } = await measureOne(
      {
        entity: [
          entity("OLD", { valid_to: "2018-05-31" }), // half-open: its last day is 30 May
          entity("LAST", { valid_to: "2018-06-01" }), // in force on 31 May
          entity("NEW", { valid_from: "2018-06-30" }),
        ],
        complaint: [complaint("NEW", "2018-06-30")],
      },
      makeIndicator(),
      ["2018-05", "2018-06"],
    );
    expect(values.map(({ period, entity_id }) => `${period} ${entity_id}`)).toEqual([
      "2018-05 LAST",
      "2018-06 NEW",
    ]);
  });
});
