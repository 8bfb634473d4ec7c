import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { httpJson } from "../../src/standard/http-connector.ts";
import { sayIssueInBoth } from "../../src/standard/issue-words.ts";
import { listSchema } from "../../src/standard/list-schema.ts";
import { standardSchema } from "../../src/standard/standard-schema.ts";
import { warningSchema } from "../../src/standard/warning-schema.ts";
import { DefinitionError, parseYaml } from "../../src/standard/yaml-document.ts";

const ROOT = resolve(import.meta.dirname, "../..");

/** Words that only the validating library says. */
const LIBRARY =
  /Invalid (input|option|key|element|string)|Unrecognized|Too (small|big)|received|expected/;

function faultsOf(text: string, schema: z.ZodType): string[] {
  try {
    parseYaml(text, "x.yaml", schema);
    return [];
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    return error.faults.map(({ message }) => message);
  }
}

type Path = readonly (string | number)[];

/** Every place of a document, lists by their first entry. */
function listPaths(value: unknown, path: Path = []): Path[] {
  if (value === null || typeof value !== "object") return [];
  const keys = Array.isArray(value) ? [0].filter((at) => at in value) : Object.keys(value);
  return keys.flatMap((key) => {
    const inner = (value as Record<string | number, unknown>)[key];
    return [[...path, key], ...listPaths(inner, [...path, key])];
  });
}

/** The document with the value at a path changed; undefined takes it away. */
function change(document: unknown, path: Path, to: unknown): unknown {
  const copy = structuredClone(document) as Record<string | number, unknown>;
  let at = copy;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  const last = path.at(-1) as string | number;
  if (to === undefined && Array.isArray(at)) at.splice(last as number, 1);
  else if (to === undefined) delete at[last];
  else at[last] = to;
  return copy;
}

describe("a fault of a definition", () => {
  test.each([
    ["standards/qingdao-2018-1-1.yaml", standardSchema],
    ["lists/qingdao-2018.yaml", listSchema],
    ["warnings/debt.yaml", warningSchema],
    ["warnings/conduct.yaml", warningSchema],
  ] as const)("in %s is never told in the library's words", (name, schema) => {
    const document: unknown = parse(readFileSync(join(ROOT, "metrics", name), "utf8"));
    const told: string[] = [];
    for (const path of listPaths(document)) {
      for (const to of [undefined, 42, "?", [], {}, { unknown: 1 }]) {
        const changed = change(document, path, to);
        const { error } = schema.safeParse(changed);
        told.push(...(error?.issues ?? []).map((issue) => sayIssueInBoth(issue, changed)));
      }
    }
    expect(told.length).toBeGreaterThan(100);
    expect([...new Set(told)].filter((message) => LIBRARY.test(message))).toEqual([]);
  });

  test("in a connector is told in both languages: a list that is missing, a key too many", () => {
    expect(faultsOf("type: http-json\nurl: https://a.example\n", httpJson)).toContain(
      "allow_hosts: 缺这一项，应为列表 is missing; it must be a list",
    );
    expect(
      faultsOf(
        "type: http-json\nurl: https://a.example\nallow_hosts: [a.example]\nhost: x\n",
        httpJson,
      ),
    ).toContain(
      '没有“host”这样的键，请改正或删去 there is no such key as "host"; correct it or take it away',
    );
  });

  test("of each kind has its own words", () => {
    const schema = z.strictObject({
      name: z.string().min(2),
      count: z.number().int().max(5).optional(),
      kind: z.enum(["a", "b"]).optional(),
      rows: z.array(z.string()).min(1).optional(),
    });
    const say = (text: string) => faultsOf(text, schema);
    expect(say("name: x")).toEqual(["name: 不得少于2个字符 must have at least 2 characters"]);
    expect(say("name: xy\ncount: 1.5")).toEqual(["count: 应为整数 must be a whole number"]);
    expect(say("name: xy\ncount: 6")).toEqual(["count: 不得多于5 must be at most 5"]);
    expect(say("name: xy\nkind: c")).toEqual(["kind: 应为其中之一：a、b must be one of a, b"]);
    expect(say("name: xy\nrows: []")).toEqual(["rows: 不得少于1项 must have at least 1 entry"]);
    expect(say("name: 4")).toEqual(["name: 应为文字 must be text"]);
  });
});
