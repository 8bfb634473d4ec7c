import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Context } from "../../src/context.ts";
import {
  countRows,
  findData,
  prepareWorkspace,
  readQuarantine,
  readRanks,
  readValues,
  runWorkspace,
} from "./run-workspace.ts";

const data = findData("hunan-messages");

// Expected values: openpyxl and pandas on replied-messages.xlsx; days between the two dates, the clock left aside.
describe.skipIf(!data.present)(data.label, () => {
  let context: Context;
  beforeAll(async () => {
    context = await runWorkspace(prepareWorkspace("hunan-messages"), "hunan-messages", {
      through: "publish",
    });
  });
  afterAll(() => context?.store.close());

  it("loads every one of the 2,816 messages, the one whose time is a real date cell too", async () => {
    expect(await readQuarantine(context)).toEqual([]);
    expect(await countRows(context, "known.complaint")).toBe(2816);
    // line 2,816 rows and the header; the only datetime cell among texts, 2019-04-08 08:37:20
    expect(
      await context.store.row(
        "SELECT CAST(count(*) AS INTEGER) AS count FROM known.complaint WHERE received_at = TIMESTAMP '2019-04-08 08:37:20'",
      ),
    ).toEqual({ count: 1 });
  });

  it("gives a median delay of 11 days overall", async () => {
    expect((await readValues(context, "B2/reply-delay-median")).get("ALL")).toMatchObject({
      state: "assessed",
      value: 11,
      sample_size: 2816,
    });
    expect((await readValues(context, "B2/answered-in-60-days")).get("ALL")).toMatchObject({
      numerator: 2660,
      denominator: 2816,
    });
  });

  // The file names no department; the place is the letter in the subject (302 subjects have none).
  it.each([
    ["A", 15, 1013, 984],
    ["B", 5, 257, 246],
    ["C", 12, 139, 134],
    ["D", 7, 62, 61],
    ["F", 11, 86, 81],
    ["J", 10, 136, 120],
    ["K", 18, 282, 236],
    ["L", 5, 257, 250],
    ["M", 15.5, 96, 86],
  ])("gives the delay of place %s", async (place, median, messages, within60) => {
    expect((await readValues(context, "B2/reply-delay-median")).get(place)).toMatchObject({
      value: median,
      sample_size: messages,
    });
    expect((await readValues(context, "B2/answered-in-60-days")).get(place)).toMatchObject({
      numerator: within60,
      denominator: messages,
    });
  });

  it("says too few below 30 messages and ranks the ten other places", async () => {
    const delays = await readValues(context, "B2/reply-delay-median");
    for (const place of ["E", "H", "I", "Q"]) expect(delays.get(place)?.state).toBe("too_few");
    const ranks = (await readRanks(context)).filter(({ peer_class }) => peer_class === "place");
    expect(ranks.map(({ entity_id }) => entity_id)).toEqual([
      "L",
      "B",
      "D",
      "F",
      "C",
      "G",
      "J",
      "A",
      "M",
      "K",
    ]);
    // 60 × (1 − 18 / 60) + 40 × 236 / 282, by hand
    expect(ranks.at(-1)?.score).toBeCloseTo(75.475177, 5);
  });

  it("keeps no text and no user of a message outside raw and the restricted table", async () => {
    const users = await context.store.row<{ clear: number; people: number }>(
      `SELECT CAST(count(*) FILTER (WHERE regexp_matches(caller_ref, '^[A-Z]{1,2}[0-9]{6,}$')) AS INTEGER) AS clear,
         CAST(count(DISTINCT caller_ref) AS INTEGER) AS people FROM known.complaint`,
    );
    // 2,559 different users
    expect(users).toEqual({ clear: 0, people: 2559 });
    const longest = await context.store.row<{ longest: number }>(
      `SELECT CAST(max(length(coalesce(category, '')) + length(coalesce(subcategory, ''))) AS INTEGER) AS longest FROM known.complaint`,
    );
    expect(longest?.longest).toBe(0);
    const published = join(context.dataDir, "published");
    const texts = readdirSync(published, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(html|csv|json)$/.test(name))
      .map((name) => readFileSync(join(published, name), "utf8"));
    expect(texts.length).toBeGreaterThan(0);
    // the user and a place of the first message
    for (const text of texts) expect(text).not.toMatch(/A00045581|景蓉华苑/);
  });
});
