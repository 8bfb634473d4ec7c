import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type EvaluationStandard, readStandard } from "../src/standard/evaluation-standard.ts";
import type { IndicatorFile } from "../src/standard/indicator-file.ts";
import { listFiles, readIndicators } from "../src/standard/workspace.ts";

interface Text {
  readonly zh: string;
  readonly en: string;
}

interface Clause {
  readonly text: string;
  readonly duty: Text;
  readonly pages: readonly string[];
}

/** What stands behind one clause. */
export interface ClauseTraces extends Clause {
  readonly id: string;
  /** Indicators by id, each with what becomes of it in the standard. */
  readonly indicators: readonly { readonly file: IndicatorFile; readonly use: Text }[];
  readonly lists: readonly Text[];
  readonly warnings: readonly Text[];
}

const ROOT = join(import.meta.dirname, "..");

export const CLAUSES_PAGE = join(import.meta.dirname, "clauses.md");

/** The standard whose weights, and whose reasons for none, the page shows. */
const STANDARD = "qingdao-2018-1-1";

const HEAD = `<!-- Written by \`npx tsx docs/generate.ts\` from docs/clauses.yaml and the definitions below metrics/; do not edit. -->
# 条款与痕迹 · Clauses and their traces

青信用〔2018〕2号的每一条款：职责，衡量它的指标（1.1版标准中的权重，或不设权重的理由），名单、预警和页面。指标的口径见各自的文件头。

Each clause of the plan: its duty, the indicators that measure it (with the weight in standard 1.1, or the reason for none), lists,
warnings and pages. What an indicator counts stands in its own header.
`;

/** Every clause of the plan with what measures and shows it, from the definitions. */
export function traceClauses(): ClauseTraces[] {
  const clauses = parse(readFileSync(join(import.meta.dirname, "clauses.yaml"), "utf8")) as Record<
    string,
    Clause
  >;
  const known = readIndicators(ROOT);
  const standard = readStandard(ROOT, STANDARD, known);
  return Object.entries(clauses).map(([id, clause]) => ({
    ...clause,
    id,
    indicators: [...known.values()]
      .filter((file) => file.id.startsWith(`${id}/`))
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map((file) => ({ file, use: tellUse(standard, file.id) })),
    lists: id === "A4" ? titlesIn("lists", (file) => String(file.lists_id).startsWith("qingdao")) : [],
    warnings: titlesIn("warnings", (file) => file.clause === id && file.warnings !== "connecticut"),
  }));
}

function titlesIn(
  folder: "lists" | "warnings",
  isWanted: (file: Record<string, unknown>) => boolean,
): Text[] {
  return listFiles(join(ROOT, "metrics", folder), ".yaml")
    .map(
      (name) =>
        parse(readFileSync(join(ROOT, "metrics", folder, name), "utf8")) as Record<string, unknown>,
    )
    .filter(isWanted)
    .map(({ title }) => title as Text);
}

/** The weight, the rule or the reason for none; in English and Chinese. */
function tellUse(standard: EvaluationStandard, id: string): Text {
  const weighted = standard.indicators.find(({ indicator }) => indicator === id);
  if (weighted) {
    const points = Object.entries(weighted.weight)
      .map(([level, weight]) => [standard.levels[level], weight] as const)
      .filter(([level]) => level !== undefined);
    return {
      zh: points.map(([level, weight]) => `${level?.zh}${weight}分`).join("、"),
      en: points.map(([level, weight]) => `${level?.en} ${weight}`).join(", "),
    };
  }
  const rules = [...standard.deductions, ...standard.bonuses, ...standard.vetoes];
  const rule = rules.find(({ indicator }) => indicator === id);
  if (rule) return rule.title;
  const none = standard.unweighted.find(({ indicator }) => indicator === id);
  if (none) return { zh: `不设权重：${none.reason.zh}`, en: `no weight: ${none.reason.en}` };
  return { zh: "", en: "" };
}

/** The page. */
export function describeClauses(): string {
  const parts = traceClauses().map(({ id, text, duty, indicators, lists, warnings, pages }) => {
    const rows = indicators.map(
      ({ file, use }) =>
        `| \`${file.id}\` | ${file.title.zh} · ${file.title.en} | ${use.zh} · ${use.en} |`,
    );
    const table = rows.length > 0 ? `\n| 指标 indicator | | 用法 use |\n|---|---|---|\n${rows.join("\n")}\n` : "";
    const more = [
      ["名单 lists", lists],
      ["预警 warnings", warnings],
    ] as const;
    const lines = more
      .filter(([, titles]) => titles.length > 0)
      .map(([word, titles]) => `\n${word}: ${titles.map(({ zh, en }) => `${zh} · ${en}`).join("; ")}\n`);
    return `\n## ${id} ${text}\n\n${duty.zh} · ${duty.en}\n${table}${lines.join("")}\n页面 pages: ${pages.join(", ")}\n`;
  });
  return `${HEAD}${parts.join("")}`;
}
