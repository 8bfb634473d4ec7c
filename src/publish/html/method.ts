import { tieTolerance } from "../../standard/evaluation-standard.ts";
import { minimumCoverage } from "../../standard/standard-methods.ts";
import { describeCounting } from "../counting-words.ts";
import type { Report } from "../report.ts";
import { describeNormalisation, describeRange, describeTerms } from "../words.ts";
import { renderExample } from "./example.ts";
import { both, chip, escapeHtml, over, percent, plain, say, section, table } from "./markup.ts";
import { renderOrigin } from "./origin.ts";
import { renderPreparation } from "./preparation.ts";

/** The method in plain words, the standard with every number's origin, and the terms of the data. */
export function renderMethod(report: Report): string {
  const { standard, pipeline } = report.context;
  const steps = [
    say("methodStep1"),
    say("methodStep2", { months: standard.window_months }),
    say("methodStep3"),
    say("methodStep4", { coverage: percent(minimumCoverage(standard.missing)) }),
    say("methodStep5"),
    say("methodStep6", { tolerance: tieTolerance(standard) }),
  ];
  const { attribution } = pipeline.report;
  return section(
    "method",
    "method",
    `<h3>${say("methodHow")}</h3><ol>${steps.map((step) => `<li>${step}`).join("\n")}</ol>${renderExample(report)}
<h3>${say("tree")}</h3><p>${both(standard.title)} · ${say("version", { version: standard.version })} · <code>${escapeHtml(standard.hash.slice(0, 16))}</code></p><p class=note>${say("treeNote")} ${say("assumptionNote")}</p>${renderTree(report)}
<h3>${say("normalisations")}</h3>${renderNormalisations(report)}${renderPreparation(report)}
<h3>${say("rules")}</h3>${renderRules(report)}
<h3>${say("grades")}</h3>${renderGrades(report)}
<h3>${say("licence")}</h3>${attribution ? `<p>${both(attribution)}</p>` : ""}<p>${say("reproduce")}</p>`,
  );
}

function renderTree(report: Report): string {
  const levels = report.levels.map(({ level }) => level);
  const ids = [...new Set(report.nodes.map(({ id }) => id))];
  const byKey = new Map(report.nodes.map((node) => [`${node.level} ${node.id}`, node]));
  const any = (id: string) => report.nodes.find((node) => node.id === id);
  const depth = (id: string): number => {
    const parent = any(id)?.parent;
    return parent ? depth(parent) + 1 : 0;
  };
  const children = (id: string | null): string[] =>
    ids.filter((one) => any(one)?.parent === id).flatMap((one) => [one, ...children(one)]);
  const rows = children(null).flatMap((id) => {
    const node = any(id);
    if (!node) return [];
    const weights = levels.map((level) => {
      const weight = byKey.get(`${level} ${id}`)?.weight;
      return `<td class=n>${weight === undefined ? "" : plain(weight)}`;
    });
    return `<tr class=${node.nodeLevel}><th scope=row style="padding-left:${0.5 + depth(id) * 1.1}em">${both(node.title)}${renderCounting(report, id)}${weights.join("")}<td>${escapeHtml(node.clause ?? "")}<td>${escapeHtml(node.normalisation ?? "")}<td>${renderOrigin(node)}`;
  });
  return table(
    [
      say("indicator"),
      ...report.levels.map(({ name }) => over(both(name))),
      say("clause"),
      say("normalisation"),
      say("origin"),
    ],
    rows,
    { className: "tree" },
  );
}

/** How an indicator counts, folded under its name. */
function renderCounting({ context }: Report, id: string): string {
  const indicator = context.indicators.get(id);
  if (!indicator) return "";
  const words = both(describeCounting(indicator));
  return `<details class=counting><summary>${say("counting")}</summary>${words}</details>`;
}

function renderNormalisations({ context }: Report): string {
  const rows = Object.entries(context.standard.normalisations).map(
    ([name, normalisation]) =>
      `<tr><th scope=row><code>${escapeHtml(name)}</code><td>${both(describeNormalisation(normalisation))}<td>${renderOrigin(normalisation)}`,
  );
  return table([say("normalisation"), say("terms"), say("origin")], rows);
}

function renderRules({ rules, context }: Report): string {
  if (rules.length === 0) return `<p>${say("none")}</p>`;
  const rows = rules.map(
    (rule) =>
      `<tr><th scope=row>${both(rule.title)}<td>${say(rule.kind)}<td>${both(describeTerms(rule.terms, context.standard.category_names))}<td>${renderOrigin(rule)}`,
  );
  return table([say("rule"), say("kind"), say("terms"), say("origin")], rows);
}

function renderGrades({ context }: Report): string {
  const { grades } = context.standard;
  const rows = grades.map(
    (grade) =>
      `<tr><th scope=row>${chip(grade.id, grades)} ${both(grade)}<td>${both(describeRange(grade))}<td>${renderOrigin(grade)}`,
  );
  return table([say("grade"), say("range"), say("origin")], rows);
}
