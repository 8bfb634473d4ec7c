import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { readRates } from "../../src/standard/exchange-rates.ts";
import { addReleases, makeReleasesCity } from "./releases-workspace.ts";
import { copyTinyCity, removeFolders, runTiny, tinyConfig } from "./tiny-workspace.ts";

afterEach(removeFolders);

const RATES = `currency,from,rate,source
USD,2018-01-01,6.5,synthetic
USD,2018-06-05,6.4,synthetic
EUR,2018-06-01,7.5,synthetic
`;

function giveRates(workspace: string, rates = RATES): void {
  writeFileSync(join(workspace, "pipelines", "rates.csv"), rates);
  change(
    join(workspace, "pipelines", "tiny.yaml"),
    "frequency:",
    "rates: pipelines/rates.csv\nfrequency:",
  );
}

function change(file: string, from: string, to: string): void {
  writeFileSync(file, readFileSync(file, "utf8").replace(from, to));
}

/** A process with one contract, awarded on 1 June. */
function process(name: string, contract: object): void {
  const award = { id: "w", date: "2018-06-01" };
  const release = {
    ocid: name,
    id: "1",
    date: "2018-06-20",
    buyer: { id: "999901" },
    tender: { title: name },
    awards: [award],
    contracts: [{ id: "c", awardID: "w", ...contract }],
  };
  addReleases(workspace, `${name}.json`, JSON.stringify(release));
}
let workspace: string;

const paid = (...parts: [date: string, amount: number, currency: string][]) => ({
  implementation: {
    transactions: parts.map(([date, amount, currency], id) => ({
      id,
      date,
      value: { amount, currency },
    })),
  },
});

async function contracts() {
  const { context, outcomes } = await runTiny(tinyConfig(workspace), undefined, "check");
  const rows = await context.store.rows<Record<string, unknown>>(
    `SELECT title, CAST(amount AS VARCHAR) AS amount, currency, CAST(stated_amount AS VARCHAR) AS stated, CAST(paid_amount AS VARCHAR) AS paid,
       CAST(paid_on AS VARCHAR) AS paid_on, array_to_string(flags, ' ') AS flags
     FROM core.contract WHERE source_id = 'ocds' AND known_to IS NULL ORDER BY title`,
  );
  const told = outcomes.flatMap(({ notes }) => notes.map(({ zh, en }) => `${zh} ${en}`)).join("\n");
  context.store.close();
  const found = rows.map(({ title, ...row }) => [title, Object.values(row)]);
  return { found: Object.fromEntries(found), told };
}

function deliver(): void {
  workspace = makeReleasesCity();
  process("a-yuan", { value: { amount: 1000, currency: "CNY" } });
  process("b-none", { value: { amount: 1000 } });
  process("c-usd", { value: { amount: 1000, currency: "usd" }, dateSigned: "2018-06-04" });
  process("d-usd", { value: { amount: 1000, currency: "USD" }, dateSigned: "2018-06-05" });
  process("e-award-day", { value: { amount: 10, currency: "USD" } });
  process("f-gbp", { value: { amount: 1000, currency: "GBP" } });
  process("g-word", { value: { amount: 1000, currency: "call 13800138000" } });
  process("h-before", { value: { amount: 1000, currency: "EUR" }, dateSigned: "2018-05-31" });
  process("i-paid", {
    value: { amount: 1000, currency: "USD" },
    dateSigned: "2018-06-04",
    ...paid(["2018-06-04", 400, "USD"], ["2018-06-10", 600, "USD"]),
  });
  // A payment that says no currency is in the contract's.
  process("l-paid-unsaid", {
    value: { amount: 1000, currency: "USD" },
    dateSigned: "2018-06-04",
    implementation: { transactions: [{ id: 1, date: "2018-06-10", value: { amount: 1000 } }] },
  });
  process("j-paid-in-yuan", {
    value: { amount: 1000, currency: "USD" },
    dateSigned: "2018-06-04",
    ...paid(["2018-06-10", 6500, "CNY"]),
  });
  process("k-mixed", {
    value: { amount: 1000, currency: "CNY" },
    ...paid(["2018-06-04", 500, "CNY"], ["2018-06-10", 500, "USD"]),
  });
  process("m-part-unknown", {
    value: { amount: 1000, currency: "CNY" },
    ...paid(["2018-06-04", 500, "USD"], ["2018-06-10", 500, "GBP"]),
  });
}

describe("amounts in other currencies are never taken for the pipeline's", () => {
  test("with rates they are converted by the rate of their own day, and what was stated stays", async () => {
    deliver();
    giveRates(workspace);
    const { found, told } = await contracts();
    expect(found).toEqual({
      "a-yuan": ["1000.00", "CNY", null, null, null, null],
      "b-none": ["1000.00", "CNY", null, null, null, null],
      // 1,000 at 6.5 of 1 January, for the rate of 5 June is not in force on the 4th.
      "c-usd": ["6500.00", "USD", "1000.00", null, null, "converted:amount"],
      "d-usd": ["6400.00", "USD", "1000.00", null, null, "converted:amount"],
      // Not signed: the day of the award, 1 June.
      "e-award-day": ["65.00", "USD", "10.00", null, null, "converted:amount"],
      "f-gbp": [null, "GBP", "1000.00", null, null, "no-rate:amount"],
      "g-word": [null, null, "1000.00", null, null, "no-rate:amount"],
      "h-before": [null, "EUR", "1000.00", null, null, "no-rate:amount"],
      // Each by its own day: 400 at the 6.5 of 4 June and 600 at the 6.4 of the 10th.
      "i-paid": [
        "6500.00",
        "USD",
        "1000.00",
        "6440.00",
        "2018-06-10",
        "converted:amount converted:paid_amount",
      ],
      // 6,500 yuan are not compared with 1,000 dollars.
      "j-paid-in-yuan": ["6500.00", "USD", "1000.00", "6500.00", null, "converted:amount"],
      // 500 yuan and 500 dollars at 6.4.
      "k-mixed": ["1000.00", "CNY", null, "3700.00", null, "converted:paid_amount"],
      // A payment in pounds has no rate, and without it the sum is none.
      "m-part-unknown": ["1000.00", "CNY", null, null, null, "no-rate:paid_amount"],
      "l-paid-unsaid": [
        "6500.00",
        "USD",
        "1000.00",
        "6400.00",
        "2018-06-10",
        "converted:amount converted:paid_amount",
      ],
    });
    expect(told).toContain("汇率表（rates）没有其日期的汇率，未计入任何金额合计（amount） 3 行");
    expect(told).toContain("left out of all sums of money (amount), 3 row(s)");
    expect(told).toContain("converted by the rate of its day (paid_amount), 3 row(s)");
  });

  test("without rates they are left out and counted", async () => {
    deliver();
    const { found } = await contracts();
    expect(found["c-usd"]).toEqual([null, "USD", "1000.00", null, null, "no-rate:amount"]);
    expect(found["a-yuan"]).toEqual(["1000.00", "CNY", null, null, null, null]);
    expect(found["i-paid"]?.slice(3)).toEqual([
      null,
      "2018-06-10",
      "no-rate:amount no-rate:paid_amount",
    ]);
  });

  test("another rate makes the source conform anew", async () => {
    deliver();
    giveRates(workspace);
    const config = tinyConfig(workspace);
    const sum = async () => {
      const { context } = await runTiny(config, undefined, "conform");
      const row = await context.store.row<{ amount: string }>(
        "SELECT CAST(amount AS VARCHAR) AS amount FROM core.contract WHERE title = 'd-usd' AND known_to IS NULL",
      );
      context.store.close();
      return row?.amount;
    };
    expect(await sum()).toBe("6400.00");
    change(join(workspace, "pipelines", "rates.csv"), "06-05,6.4", "06-05,6.6");
    expect(await sum()).toBe("6600.00");
  });

  test("a table says by its column of currencies what its figures are in", async () => {
    workspace = copyTinyCity();
    giveRates(workspace);
    const source = join(workspace, "pipelines", "sources", "debt.yaml");
    change(
      source,
      "{ value: CNY }",
      "{ from: 币种, optional: true, codes: { 美元: USD, 日元: JPY } }",
    );
    const file = join(workspace, "data-samples", "debt", "debt.json");
    change(file, '"reported": "2018-04-10"', '"币种": "美元", "reported": "2018-04-10"');
    change(
      file,
      '"999903", "as_at": "2018-06-30"',
      '"999903", "币种": "日元", "as_at": "2018-06-30"',
    );
    const { context } = await runTiny(tinyConfig(workspace), undefined, "conform");
    const rows = await context.store.rows<Record<string, unknown>>(
      `SELECT d.division_code AS code, CAST(as_at AS VARCHAR) AS as_at, currency, CAST(total_debt AS VARCHAR) AS total, array_to_string(p.flags, ' ') AS flags
       FROM core.debt_position p JOIN core.entity d USING (entity_id) WHERE p.known_to IS NULL ORDER BY ALL`,
    );
    context.store.close();
    expect(rows.map((row) => Object.values(row).join(" "))).toEqual([
      // 8,000 times 10,000 dollars at 6.5.
      "999901 2018-03-31 USD 520000000.00 converted:total_debt converted:comprehensive_resources",
      "999901 2018-06-30 CNY 100000000.00 ",
      "999902 2018-03-31 CNY 120000000.00 ",
      "999902 2018-06-30 CNY 120000000.00 ",
      "999903 2018-06-30 JPY  no-rate:total_debt no-rate:comprehensive_resources",
    ]);
  });
});

describe("a table of rates that cannot be used is refused with file and line", () => {
  const pipeline = { pipeline: "tiny", rates: "pipelines/rates.csv" };
  test.each<[string, string]>([
    ["usd,2018-01-01,6.5,s", '"usd" is no code of a currency other than CNY'],
    ["CNY,2018-01-01,1,s", '"CNY" is no code of a currency other than CNY'],
    ["USD,2018-02-30,6.5,s", '"2018-02-30" is no day'],
    ["USD,2018-01-01,0,s", '"0" is no rate'],
    ["USD,2018-01-01,-6,s", '"-6" is no rate'],
    ["USD,2018-01-01,6.5,", "the source is missing"],
    ["USD,2018-01-01,6.5,s\nUSD,2018-01-01,6.6,s", "USD has two rates from 2018-01-01"],
  ])("%s", (line, sentence) => {
    workspace = copyTinyCity();
    giveRates(workspace, `currency,from,rate,source\n${line}\n`);
    expect(() => readRates(workspace, pipeline)).toThrow(sentence);
  });
});
