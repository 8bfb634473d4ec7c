import { expect, test } from "vitest";
import { renderSummary } from "../../src/publish/html/header.ts";
import type { Report, Standing } from "../../src/publish/report.ts";

const standing = (name: string, score: number) =>
  ({ body: { name: { zh: name, en: name } }, score, ranked: true, grade: "A" }) as Standing;

const streets = [standing("Street 90", 90), standing("Street 50", 50)];
const towns = [standing("Town 80", 80), standing("Town 60", 60)];

function summarise(classes: readonly { id: string; en: string; standings: Standing[] }[]): string {
  const report = {
    levels: [
      {
        level: "township",
        name: { zh: "街道和镇", en: "Subdistricts and towns" },
        classes: classes.map(({ id, en, standings }) => ({ id, name: { zh: en, en }, standings })),
        standings: classes.flatMap(({ standings }) => standings),
      },
    ],
    context: { standard: { grades: [] } },
    sources: [],
    checks: [],
  } as unknown as Report;
  return renderSummary(report).replace(/<span lang=zh>.*?<\/span>/g, "");
}

test("the highest and the lowest are those of a peer class, which are not ranked together", () => {
  const html = summarise([
    { id: "street", en: "Subdistricts", standings: streets },
    { id: "town", en: "Towns", standings: towns },
  ]);
  expect(html).toMatch(
    /Subdistricts: 2 bodies .* 70\.00 points; .*Street 90.* \(90\.00\), .*Street 50/,
  );
  expect(html).toMatch(/Towns: 2 bodies .* 70\.00 points; .*Town 80.* \(80\.00\), .*Town 60/);
  expect(html).not.toMatch(/Subdistricts and towns: /);
});

test("a level of one peer class is named as the level", () => {
  const html = summarise([{ id: "street", en: "Subdistricts", standings: streets }]);
  expect(html).toMatch(/Subdistricts and towns: 2 bodies .*Street 90/);
});
