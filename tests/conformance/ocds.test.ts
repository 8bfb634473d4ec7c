import { cpSync, existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Context } from "../../src/context.ts";
import { readRanks, readValues, runWorkspace } from "./run-workspace.ts";

// Real releases, not ours to hand on: they lie beside the repository, where they lie at all.
const REAL = join(import.meta.dirname, "..", "..", "..", "shared", "cases", "ocds", "real");
const LABEL = existsSync(REAL)
  ? "real releases of three publishers"
  : "real releases of three publishers: skipped, they are not bundled; put them at ../shared/cases/ocds/real beside the repository";
// The default reporter does not name skipped tests.
if (!existsSync(REAL)) process.stderr.write(`${LABEL}\n`);

/*
 * Counted with Python from the files and by hand, not by this program: of each contract (ocid and id) the release with the greatest date (for
 * its publication the one with the least), and then the days between the first ten characters of tender.tenderPeriod.endDate, contracts.dateSigned and date:
 *   python3 -c "import json, glob; [print(r['ocid'], c['id'], r['date'][:10], c.get('dateSigned'), r['tender'].get('tenderPeriod'),
 *   r['buyer']['name']) for f in sorted(glob.glob('*.json')) for r in [json.load(open(f))] for c in r['contracts']]"
 */
describe.skipIf(!existsSync(REAL))(LABEL, () => {
  let context: Context;
  beforeAll(async () => {
    const workspace = mkdtempSync(join(tmpdir(), "zhengxin ocds "));
    const fixture = join(import.meta.dirname, "..", "fixtures", "conformance", "ocds-buyers");
    cpSync(fixture, workspace, { recursive: true });
    cpSync(REAL, join(workspace, "releases"), { recursive: true });
    context = await runWorkspace(workspace, "ocds-buyers");
  });
  afterAll(() => context?.store.close());

  const held = (select: string, where: string) =>
    context.store.row<Record<string, string>>(
      `SELECT ${select} FROM core.contract WHERE known_to IS NULL AND ${where}`,
    );
  const SUMS = `count(*)::VARCHAR AS contracts, count(DISTINCT entity_id)::VARCHAR AS buyers,
    sum(coalesce(stated_amount, amount))::VARCHAR AS stated, count(amount)::VARCHAR AS counted`;

  test("every contract is one, by process and id; what has no rate is in no sum of money", async () => {
    expect(await held(SUMS, "currency = 'COP'")).toEqual({
      contracts: "12",
      buyers: "10",
      stated: "5317697180.00",
      counted: "0",
    });
    // All eight of the city's are called "1"; one is in dollars.
    expect(await held(SUMS, "currency = 'MXN'")).toEqual({
      contracts: "7",
      buyers: "1",
      stated: "11846090.18",
      counted: "7",
    });
    expect(await held(SUMS, "currency = 'MDL'")).toEqual({
      contracts: "18",
      buyers: "11",
      stated: "4526344.36",
      counted: "0",
    });
    expect(
      await held(`${SUMS}, max(amount / stated_amount)::VARCHAR AS rate`, "currency = 'USD'"),
    ).toMatchObject({
      contracts: "1",
      counted: "1",
      rate: "17.0",
    });
  });

  test("payments that later releases tell are added up, and all that is known of a contract stays", async () => {
    const all =
      "sum(paid_amount)::VARCHAR AS paid, min(signed_on)::VARCHAR AS first, max(signed_on)::VARCHAR AS last";
    expect(await held(all, "entity_id = 'MX-1' AND currency = 'MXN'")).toEqual({
      paid: "11509378.96",
      first: "2015-12-12",
      last: "2015-12-31",
    });
    // 75,464.96 dollars at the 17 made up for this test.
    expect(await held(all, "currency = 'USD'")).toMatchObject({ paid: "1282904.32" });
  });

  test("what the publishers say of the state of a contract is kept where it is the standard's word", async () => {
    const stages = await context.store.rows<Record<string, string>>(
      "SELECT coalesce(stage, 'none') AS stage, count(*)::VARCHAR AS contracts FROM core.contract WHERE known_to IS NULL GROUP BY ALL ORDER BY ALL",
    );
    expect(stages.map(({ stage, contracts }) => `${stage} ${contracts}`)).toEqual([
      "closed 2",
      "implementation 17",
      "none 18",
      "procurement 1",
    ]);
  });

  test.each<[buyer: string, why: string, numerator: number, denominator: number, excluded: number]>(
    [
      ["CO-2", "Montenegro: signed 22 February 2011, released on the 27th, 5 days", 1, 1, 0],
      ["CO-5", "the Ministry of Agriculture: 16 March 2011 to 8 April, 23 days", 0, 1, 0],
      ["CO-8", "INVIAS: 15 January 2010 to 8 April 2011", 0, 1, 0],
      ["CO-10", "Bogotá: two contracts, 27 to 30 June 2016, 3 days", 2, 2, 0],
      // AD-SF-DRM-069-2015: signed on 12 December 2015, first released on the 22nd. The others were first released before the day they say they were signed on.
      [
        "MX-1",
        "Ciudad de México: eight of December 2015, one 10 days after, seven before the signing",
        1,
        1,
        7,
      ],
    ],
  )("published: %s, %s", async (buyer, _why, numerator, denominator, excluded) => {
    const values = await readValues(context, "C1/published");
    expect(values.get(buyer)).toMatchObject({ numerator, denominator, excluded });
  });

  test.each<[buyer: string, why: string, numerator: number, denominator: number, excluded: number]>(
    [
      [
        "CO-1",
        "Sibaté: tenders closed on 10 March 2011, both signed on the 22nd, 12 days",
        2,
        2,
        0,
      ],
      ["MX-1", "8, 13 and 7 days; five are dated as signed before the close", 3, 3, 5],
      ["MD-1", "Rîşcani: 17 January 2017 to 14 February, 28 days", 1, 1, 0],
      ["MD-2", "the mother and child institute: 22 February to 30 March, 36 days, twice", 0, 2, 0],
      ["MD-8", "Ceadîr-Lunga: 18 April to 15 May, 27 days, seven contracts", 7, 7, 0],
    ],
  )("signed: %s, %s", async (buyer, _why, numerator, denominator, excluded) => {
    const values = await readValues(context, "C1/signed");
    expect(values.get(buyer)).toMatchObject({ numerator, denominator, excluded });
  });

  test("the buyers are ranked: those who did both, or the one that is known, in time before those who did not", async () => {
    const ranks = await readRanks(context);
    const scores = Object.fromEntries(ranks.map(({ entity_id, score }) => [entity_id, score]));
    expect(ranks).toHaveLength(22);
    // The one contract and all three signings that can be judged are in time.
    expect(scores["MX-1"]).toBe(100);
    expect(
      Object.keys(scores)
        .filter((id) => scores[id] === 0)
        .sort(),
    ).toEqual(
      // Published after 23, 39, 449 and 72 days; signed after 36 and 41.
      ["CO-5", "CO-6", "CO-8", "CO-9", "MD-2", "MD-6"],
    );
    expect(ranks.filter(({ rank }) => rank === 1)).toHaveLength(16);
  });
});
