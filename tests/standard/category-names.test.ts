import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "csv-parse/sync";
import exceljs from "exceljs";
import { gunzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { CATEGORIES } from "../../data-samples/generate/complaint-plan.ts";
import { readStandard } from "../../src/standard/evaluation-standard.ts";
import { readIndicators } from "../../src/standard/workspace.ts";

const WORKSPACE = resolve(import.meta.dirname, "../..");
const SAMPLES = join(WORKSPACE, "data-samples/qingdao");
const SOURCES = join(WORKSPACE, "pipelines/sources/qingdao");
const names = readStandard(WORKSPACE, "qingdao-2018", readIndicators(WORKSPACE)).category_names;

/** Columns of the core that indicators take as category of their evidence, by record kind. */
const CATEGORY_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  complaint: ["category"],
  dishonesty_record: ["record_type"],
  honour: ["rank"],
  commitment: ["kind"],
  proposal: ["kind"],
  task: ["kind"],
  service_commitment: ["field"],
  contract: ["stage", "breach_stage", "outcome"],
};

type Codes = string | Readonly<Record<string, unknown>> | undefined;
interface Source {
  readonly kind: string;
  readonly columns: Readonly<Record<string, { codes?: Codes; value?: unknown }>>;
}

const readYaml = (file: string) => parseYaml(readFileSync(file, "utf8"));

function codesOf(source: Source, column: string): string[] {
  const mapped = source.columns[column];
  if (mapped?.value !== undefined) return [String(mapped.value)];
  const { codes } = mapped ?? {};
  const list =
    typeof codes === "string" ? readYaml(join(WORKSPACE, `pipelines/codes/${codes}.yaml`)) : codes;
  return Object.values(list ?? {}).map(String);
}

const coded = readdirSync(SOURCES).flatMap((file): [string, string[]][] => {
  const source: Source = readYaml(join(SOURCES, file));
  return (CATEGORY_COLUMNS[source.kind] ?? []).flatMap((column): [string, string[]][] => {
    const codes = codesOf(source, column);
    return codes.length > 0 ? [[`${file} ${column}`, codes]] : [];
  });
});

function column(files: RegExp, folder: string, heading: string, encoding = "utf-8"): Set<string> {
  const values = new Set<string>();
  for (const name of readdirSync(join(SAMPLES, folder)).filter((file) => files.test(file))) {
    const bytes = new Uint8Array(readFileSync(join(SAMPLES, folder, name)));
    const text = new TextDecoder(encoding).decode(name.endsWith(".gz") ? gunzipSync(bytes) : bytes);
    const rows: string[][] = parse(text, { relax_column_count: true, relax_quotes: true });
    const [head = [], ...body] = rows;
    const place = head.indexOf(heading);
    expect(place, `${name} has no column ${heading}`).toBeGreaterThanOrEqual(0);
    // A line broken off or run together is quarantined and gives no evidence.
    for (const row of body) if (row.length === head.length && row[place]) values.add(row[place]);
  }
  return values;
}

/** The categories without a name, and those whose English name is written in Chinese. */
const unnamed = (categories: Iterable<string>) =>
  [...categories].filter(
    (category) => !names[category]?.zh || !/^[\p{Script=Latin}\s-]+$/u.test(names[category].en),
  );

describe("every category of the demo city's evidence has a Chinese and an English name", () => {
  test("the sources' code lists are found", () => {
    expect(coded.length).toBeGreaterThan(10);
  });

  test.each(coded)("%s", (_, codes) => {
    expect(unnamed(codes)).toEqual([]);
  });

  test.each(["class_1", "class_2", "class_3", "listed", "over_limit", "licence", "penalty"])(
    "%s, which indicators set",
    (code) => {
      expect(unnamed([code])).toEqual([]);
    },
  );

  test("complaints", () => {
    const found = column(/^orders-/, "hotline-orders", "诉求类别");
    expect([...found].sort()).toEqual(CATEGORIES.map(({ name }) => name).sort());
    expect(unnamed(found)).toEqual([]);
  });

  test("licences and penalties", () => {
    const licences = column(/\.csv$/, "licences", "XK_XKLB");
    const penalties = column(/\.csv$/, "penalties", "CF_CFLB", "gb18030");
    expect(licences.size).toBeGreaterThan(3);
    expect(penalties.size).toBeGreaterThan(1);
    expect(unnamed([...licences, ...penalties])).toEqual([]);
  });

  test("topics of suggestions and proposals", async () => {
    const book = new exceljs.Workbook();
    await book.xlsx.readFile(join(SAMPLES, "proposals/proposals.xlsx"));
    const sheet = book.worksheets[0];
    const head = sheet?.getRow(1).values as unknown[];
    const values = sheet?.getColumn(head.indexOf("主题")).values.slice(2).map(String) ?? [];
    expect(new Set(values).size).toBeGreaterThan(3);
    expect(unnamed(new Set(values))).toEqual([]);
  });

  test("third-party raters", () => {
    const raters = readdirSync(join(SAMPLES, "ratings"))
      .filter((name) => name.endsWith(".json"))
      .flatMap((name) => JSON.parse(readFileSync(join(SAMPLES, "ratings", name), "utf8")).ratings)
      .map(({ rater }: { rater: string }) => rater);
    expect(new Set(raters).size).toBe(2);
    expect(unnamed(new Set(raters))).toEqual([]);
  });
});
