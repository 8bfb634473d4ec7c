import { join } from "node:path";
import { expect, test } from "vitest";
import { renderPreparation } from "../../src/publish/html/preparation.ts";
import type { Report } from "../../src/publish/report.ts";
import { readStandard } from "../../src/standard/evaluation-standard.ts";
import { readIndicators } from "../../src/standard/workspace.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const known = readIndicators(ROOT);
const render = (id: string) =>
  renderPreparation({ context: { standard: readStandard(ROOT, id, known) } } as Report);

test("the report says what is done before values are scored, with its origin, in both languages", () => {
  const html = render("asem");
  expect(html).toContain("离群值处理");
  expect(html).toContain("Treatment of outliers");
  expect(html).toContain("method: skew_kurtosis, skewness: 2, kurtosis: 3.5, winsorise: 5");
  expect(html).toContain("COINr, qTreat()");
  expect(html.match(/<tr>/g)).toHaveLength(1 + 4 + 1 + 1 + 1 + 1 + 1);
});

test("and nothing where a standard does nothing", () => {
  expect(render("connecticut")).toBe("");
  expect(render("qingdao-2018")).toBe("");
});
