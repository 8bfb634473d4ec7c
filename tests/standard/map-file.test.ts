import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { describeMap } from "../../src/publish/html/map.ts";
import { readMap } from "../../src/standard/map-file.ts";

const folder = mkdtempSync(join(tmpdir(), "map "));
afterAll(() => rmSync(folder, { recursive: true }));

const MAP = {
  type: "FeatureCollection",
  review_no: "鲁S(2018)001号",
  source: { zh: "省自然资源厅", en: "Province" },
  features: [{ type: "Feature", properties: { code: "1" }, geometry: { coordinates: [[1, 2]] } }],
};

function write(map: object): string {
  const file = join(folder, "map.geojson");
  writeFileSync(file, JSON.stringify(map));
  return file;
}

test("a map says its review number and source, in both languages", () => {
  expect(describeMap(readMap(write(MAP)))).toEqual({
    zh: "审图号：鲁S(2018)001号。地图来源：省自然资源厅。",
    en: "Map review No. 鲁S(2018)001号. Source of the map: Province.",
  });
});

test.each([
  ["no review number", { ...MAP, review_no: undefined }],
  ["an empty one", { ...MAP, review_no: "" }],
  ["no source", { ...MAP, source: undefined }],
  ["a source in one language", { ...MAP, source: { zh: "省" } }],
])("a map with %s may not be published", (_, map) => {
  expect(() => readMap(write(map))).toThrow("审图号");
});

test("a file that is no map of bodies says what it lacks", () => {
  expect(() => readMap(write({ ...MAP, features: [{ properties: {} }] }))).toThrow(
    "properties.code",
  );
  expect(() => readMap(join(folder, "nowhere"))).toThrow("does not exist");
});
