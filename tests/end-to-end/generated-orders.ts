import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";

/** A synthetic order of the tiny city, as much of it as its indicators look at. */
export interface Order {
  readonly number: string;
  readonly body: string;
  readonly received: string;
  readonly late: boolean;
  readonly repeat: boolean;
}

export const DISTRICTS = ["999901", "999902", "999903"];

const BODIES = [...DISTRICTS, "999901001", "999902001"];

const order = fc.record({
  body: fc.constantFrom(...BODIES),
  month: fc.integer({ min: 1, max: 6 }),
  day: fc.integer({ min: 1, max: 28 }),
  late: fc.boolean(),
  repeat: fc.boolean(),
});

/** Orders of January to June 2018; the old code of North Harbour is not used. */
export const orders: fc.Arbitrary<Order[]> = fc
  .array(order, { minLength: 6, maxLength: 40 })
  .map((list) =>
    list.map(({ body, month, day, late, repeat }, index) => ({
      number: `G${String(index).padStart(3, "0")}`,
      body,
      received: `2018-0${month}-${String(day).padStart(2, "0")}`,
      late,
      repeat,
    })),
  );

const HEAD = [
  "合成数据，供测试 Synthetic data for tests",
  "工单编号,承办单位代码,类别,诉求内容,受理时间,办结时限,办结时间,重复工单号,来电人,是否解决",
];

/** Puts the orders in place of the fixture's, one file for each part; all are known on 2 July. */
export function writeOrders(workspace: string, parts: readonly (readonly Order[])[]): void {
  const folder = join(workspace, "data-samples", "orders");
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  parts.forEach((part, index) => {
    const lines = part.map(
      ({ number, body, received, late, repeat }) =>
        `${number},${body},噪音,合成,${received} 09:00:00,${received} 12:00:00,${received} ${late ? "15" : "11"}:00:00,${repeat ? "G999" : ""},合成甲,是`,
    );
    writeFileSync(
      join(folder, `orders-${index}-2018-07-02.csv`),
      `${[...HEAD, ...lines].join("\n")}\n`,
    );
  });
}

/** Looks at one month and at the orders only, so that a law can be tried on many cities. */
export function narrowPipeline(workspace: string): void {
  const file = join(workspace, "pipelines", "tiny.yaml");
  const lines = readFileSync(file, "utf8").split("\n");
  const narrow = { "history:": "history: 0", "sources:": "sources: [divisions, orders]" };
  for (const [key, line] of Object.entries(narrow)) {
    lines[lines.findIndex((text) => text.startsWith(key))] = line;
  }
  writeFileSync(file, lines.join("\n"));
}
