import { join } from "node:path";
import { expect, test } from "vitest";
import { readSource } from "../../src/standard/source-definition.ts";
import { listFiles } from "../../src/standard/workspace.ts";

const ROOT = join(import.meta.dirname, "../..");
const FOLDERS = ["pipelines/sources", "data-samples/starter/pipelines/sources"];

const sources = FOLDERS.flatMap((folder) =>
  listFiles(join(ROOT, folder), ".yaml").map((name) => join(ROOT, folder, name)),
).map((file) => readSource(file).value);

test("every bundled source says how old its newest data may be", () => {
  expect(sources.length).toBeGreaterThan(30);
  const silent = sources.filter(({ expectations }) => expectations.freshness_days === undefined);
  expect(silent.map(({ source }) => source)).toEqual([]);
});

test("no record of the bundled city may be older than a year and two months without a word", () => {
  const registers = sources.filter(({ kind }) => kind === "entity" || kind === "entity_code");
  const patient = sources
    .filter((source) => !registers.includes(source))
    .filter(({ expectations }) => (expectations.freshness_days ?? 0) > 430);
  expect(patient.map(({ source }) => source)).toEqual([]);
});
