import { html } from "hono/html";
import { z } from "zod";
import { type Cited, citationOf } from "../../publish/cited.ts";
import type { Bilingual } from "../../publish/report.ts";
import { describeTerms, nameCode } from "../../publish/words.ts";
import type { Markup } from "../page/layout.ts";
import { definePage, type PageView } from "./define-page.ts";
import { categoryNamesOf, definitionsOf, normalisationsOf } from "./definitions.ts";
import { drawTable, gradeKey, panel, plain, speaker } from "./parts.ts";
import { bilingual, grade } from "./shapes.ts";

const data = z.object({
  id: z.string(),
  version: z.string(),
  title: bilingual,
  sha256: z.string(),
  grades: z.array(grade),
  levels: z.array(
    z.object({
      level: z.string(),
      title: bilingual,
      nodes: z.array(
        z.object({
          id: z.string(),
          node_level: z.string(),
          parent: z.string().nullable(),
          title: bilingual,
          clause: z.string().nullable(),
          weight: z.number(),
          normalisation: z.string().nullable(),
          aggregation: z.string().nullable(),
          source: bilingual.nullable(),
          assumption: z.boolean(),
        }),
      ),
    }),
  ),
  rules: z.array(
    z.object({
      kind: z.string(),
      id: z.string(),
      title: bilingual,
      indicator_id: z.string(),
      levels: z.string().nullable().describe("null: all"),
      terms: z.record(z.string(), z.unknown()),
      source: bilingual.nullable(),
      assumption: z.boolean(),
    }),
  ),
});
type Standard = z.infer<typeof data>;
type View = PageView<Standard>;
type Node = Standard["levels"][number]["nodes"][number];

interface Titled {
  readonly title_zh: string;
  readonly title_en: string;
}

export const standardsPage = definePage({
  name: "standards",
  rest: "none",
  summary: {
    zh: "评价标准：指标体系、权重、规则、等次",
    en: "The standard: tree, weights, rules, grades",
  },
  query: z.object({}),
  data,
  async read({ month }) {
    type NodeRow = Omit<Node, "title" | "source"> & Titled & Cited & { level: string };
    type RuleRow = Omit<Standard["rules"][number], "title" | "terms" | "source"> &
      Titled &
      Cited & { terms: string };
    const nodes = await month.rows<NodeRow>("nodes");
    const rules = await month.rows<RuleRow>("rules");
    const { standard, grades, levels } = month.report;
    return {
      id: standard.id,
      version: standard.version,
      title: standard.title,
      sha256: standard.sha256,
      grades: [...grades],
      levels: levels.map(({ level, title }) => ({
        level,
        title,
        nodes: nodes
          .filter((node) => node.level === level)
          .map(({ title_zh: zh, title_en: en, source_zh, source_en, level: _, ...node }) => ({
            ...node,
            title: { zh, en },
            source: citationOf({ source_zh, source_en }),
          })),
      })),
      rules: rules.map(({ title_zh: zh, title_en: en, source_zh, source_en, terms, ...rule }) => ({
        ...rule,
        title: { zh, en },
        terms: JSON.parse(terms),
        source: citationOf({ source_zh, source_en }),
      })),
    };
  },
  toCsv: ({ levels }) => ({
    columns: [
      "level",
      "id",
      "node_level",
      "parent",
      "title_zh",
      "title_en",
      "clause",
      "weight",
      "normalisation",
      "aggregation",
      "source_zh",
      "source_en",
      "assumption",
    ],
    rows: levels.flatMap(({ level, nodes }) =>
      nodes.map(({ title, source, ...node }) => ({
        ...node,
        level,
        title_zh: title.zh,
        title_en: title.en,
        source_zh: source?.zh ?? null,
        source_en: source?.en ?? null,
      })),
    ),
  }),
  draw(view) {
    const { data: shown, language } = view;
    const say = speaker(language);
    return {
      title: shown.title,
      entry: "standards",
      main: html`<p class="meta"><code>${shown.id}</code> · ${say("version", { version: shown.version })} · sha-256 <code>${shown.sha256.slice(0, 16)}…</code></p>
<p>${say("assumptionNote")}</p>
${panel("grades", say("grades"), gradeKey(view))}
${panel("rules", say("rulesOf"), drawRules(view))}
${panel(
  "trees",
  say("trees"),
  html`<p class="note">${say("treeNote")}</p>${shown.levels.map(
    ({ title, nodes }, at) =>
      html`<details${at === 0 ? html` open` : ""}><summary>${title[language]} (${nodes.filter((node) => node.node_level === "indicator").length})</summary>${drawTree(view, nodes)}</details>`,
  )}`,
)}`,
    };
  },
});

function drawRules({ data: shown, language, link, around, month }: View): Markup {
  const say = speaker(language);
  const titles = new Map(month.report.coverage.map(({ id, title }) => [id, title[language]]));
  const definitions = definitionsOf(around.workspace);
  const titleOf = (id: string) => titles.get(id) ?? definitions.get(id)?.title[language] ?? id;
  const names = categoryNamesOf(around.workspace, shown.id);
  return drawTable({
    head: [say("rule"), say("kind"), say("indicator"), say("terms"), say("origin")],
    rows: shown.rules.map(
      (rule) =>
        html`<tr><th scope="row">${rule.title[language]}</th><td>${nameCode(rule.kind)[language]}</td><td><a href="${link(`indicator/${rule.indicator_id}`)}">${titleOf(rule.indicator_id)}</a></td><td>${describeTerms(rule.terms, names)[language]}</td><td>${rule.source?.[language] ?? (rule.assumption ? say("assumption") : "–")}</td></tr>
`,
    ),
  });
}

/** How the scores below a node become its own. */
const AGGREGATIONS: Readonly<Record<string, Bilingual>> = {
  arithmetic: { zh: "加权算术平均", en: "weighted arithmetic mean" },
  geometric: { zh: "加权几何平均", en: "weighted geometric mean" },
  harmonic: { zh: "加权调和平均", en: "weighted harmonic mean" },
  power: { zh: "加权幂平均", en: "weighted power mean" },
};

function drawTree(view: View, nodes: readonly Node[]): Markup {
  const { data: shown, language, link, around } = view;
  const say = speaker(language);
  const normalisations = normalisationsOf(around.workspace, shown);
  const methodOf = ({ normalisation, aggregation }: Node): string =>
    normalisation === null
      ? (AGGREGATIONS[aggregation ?? ""]?.[language] ?? aggregation ?? "")
      : (normalisations.get(normalisation)?.[language] ?? normalisation);
  const depthOf = (node: Node): number => {
    const parent = nodes.find(({ id }) => id === node.parent);
    return parent ? depthOf(parent) + 1 : 0;
  };
  return drawTable({
    className: "tree",
    head: [
      say("indicator"),
      say("clause"),
      { n: say("weight") },
      say("normalisation"),
      say("origin"),
    ],
    rows: nodes.map((node) => {
      const name = node.title[language];
      return html`<tr class="${node.node_level}"><th scope="row" class="depth-${Math.min(depthOf(node), 4)}">${node.node_level === "indicator" ? html`<a href="${link(`indicator/${node.id}`)}">${name}</a>` : name}</th><td>${node.clause ?? ""}</td><td class="n">${plain(node.weight)}</td><td>${methodOf(node)}</td><td>${node.source?.[language] ?? (node.assumption ? say("assumption") : "–")}</td></tr>
`;
    }),
  });
}
