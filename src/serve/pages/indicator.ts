import { html } from "hono/html";
import { z } from "zod";
import { type Cited, citationOf } from "../../publish/cited.ts";
import { tablesOf } from "../../standard/indicator-file.ts";
import { findSources } from "../../standard/workspace.ts";
import { definePage, type PageRequest } from "./define-page.ts";
import { definitionOf } from "./definitions.ts";
import {
  drawCourse,
  drawCoverage,
  drawDefinition,
  drawDistribution,
  drawSql,
  drawValues,
} from "./indicator-parts.ts";
import { bodiesOf } from "./read-report.ts";
import { bilingual } from "./shapes.ts";

const data = z.object({
  id: z.string(),
  title: bilingual,
  unit: bilingual,
  clause: z.string().nullable(),
  direction: z.string(),
  aggregate: z.string(),
  scale: z.number(),
  numerator: bilingual.nullable().describe("null: published before it was kept"),
  denominator: bilingual,
  minimum_sample: z.number(),
  levels: z.array(z.string()),
  evidence: z.string().nullable().describe("event or state; null: published before it was kept"),
  rollup: z
    .boolean()
    .nullable()
    .describe("whether records of lower bodies count for the body above"),
  source: bilingual.nullable(),
  sql: z.string().nullable().describe("of the definition in the workspace"),
  sql_is_of_the_month: z.boolean(),
  reads: z.array(z.string()).describe("kinds of records it counts"),
  sources: z.array(z.object({ source_id: z.string(), title: bilingual })),
  weights: z.array(
    z.object({ level: z.string(), weight: z.number(), normalisation: z.string().nullable() }),
  ),
  coverage: z.array(
    z.object({
      level: z.string(),
      bodies: z.number(),
      assessed: z.number(),
      not_applicable: z.number(),
      too_few: z.number(),
      no_data: z.number(),
      sample_size: z.number(),
      excluded: z.number(),
      undelivered: z.number(),
    }),
  ),
  course: z.array(
    z.object({
      period: z.string(),
      level: z.string(),
      assessed: z.number(),
      bodies: z.number(),
      low: z.number().nullable(),
      median: z.number().nullable(),
      high: z.number().nullable(),
    }),
  ),
  values: z.array(
    z.object({
      entity_id: z.string(),
      name: bilingual,
      level: z.string(),
      state: z.string(),
      numerator: z.number().nullable(),
      denominator: z.number().nullable(),
      value: z.number().nullable(),
      score: z.number().nullable(),
      sample_size: z.number(),
      excluded: z.number(),
      undelivered: z.number(),
    }),
  ),
});
export type Indicator = z.infer<typeof data>;

export const indicatorPage = definePage({
  name: "indicator",
  rest: "required",
  restName: "indicator",
  summary: {
    zh: "一项指标：定义、计算语句、分布、数据源、覆盖",
    en: "An indicator: definition, SQL, distribution, sources, coverage",
  },
  query: z.object({}),
  data,
  read: readIndicatorPage,
  toCsv: ({ id, values }) => ({
    columns: [
      "indicator_id",
      "entity_id",
      "name_zh",
      "name_en",
      "level",
      "state",
      "numerator",
      "denominator",
      "value",
      "score",
      "sample_size",
      "excluded",
      "undelivered",
    ],
    rows: values.map(({ name, ...row }) => ({
      ...row,
      indicator_id: id,
      name_zh: name.zh,
      name_en: name.en,
    })),
  }),
  draw(view) {
    return {
      title: view.data.title,
      entry: "standards",
      charts: true,
      main: html`${drawDefinition(view)}
${drawDistribution(view)}
<div class="split even">
${drawCourse(view)}
${drawCoverage(view)}
</div>
${drawValues(view)}
${drawSql(view)}`,
    };
  },
});

interface IndicatorRow extends Cited {
  readonly id: string;
  readonly clause: string | null;
  readonly title_zh: string;
  readonly title_en: string;
  readonly unit_zh: string;
  readonly unit_en: string;
  readonly direction: string;
  readonly aggregate: string;
  readonly scale: number;
  readonly numerator_zh: string | null;
  readonly numerator_en: string | null;
  readonly denominator_zh: string;
  readonly denominator_en: string;
  readonly minimum_sample: number;
  readonly levels: string;
  readonly evidence: string | null;
  readonly rollup: boolean | null;
  readonly hash: string;
}

interface NodeRow {
  readonly id: string;
  readonly level: string;
  readonly weight: number;
  readonly normalisation: string | null;
}

async function readIndicatorPage({
  month,
  rest: id,
  around,
}: PageRequest<object>): Promise<Indicator | undefined> {
  const row = (await month.rows<IndicatorRow>("indicators")).find((one) => one.id === id);
  if (!row) return undefined;
  const { workspace, served } = around;
  const definition = definitionOf(workspace, id);
  const reads = definition ? tablesOf(definition) : [];
  const nodes = await month.rows<NodeRow>("nodes");
  const bodies = bodiesOf(month);
  const values = await month.rows<Omit<Indicator["values"][number], "name" | "level">>(
    "indicator-values",
    { indicator: id, period: month.run.period },
  );
  return {
    id,
    clause: row.clause,
    direction: row.direction,
    aggregate: row.aggregate,
    scale: row.scale,
    minimum_sample: row.minimum_sample,
    source: citationOf(row),
    title: { zh: row.title_zh, en: row.title_en },
    unit: { zh: row.unit_zh, en: row.unit_en },
    numerator:
      row.numerator_zh === null || row.numerator_en === null
        ? null
        : { zh: row.numerator_zh, en: row.numerator_en },
    denominator: { zh: row.denominator_zh, en: row.denominator_en },
    levels: row.levels.split(","),
    evidence: row.evidence,
    rollup: row.rollup,
    sql: definition?.sql ?? null,
    sql_is_of_the_month: definition?.hash === row.hash,
    reads: [...reads],
    sources: sourcesOf(workspace, served.definition, reads),
    weights: nodes
      .filter((node) => node.id === id)
      .map(({ level, weight, normalisation }) => ({ level, weight, normalisation })),
    coverage: month.report.coverage
      .filter((one) => one.id === id)
      // A month published before rows could be left out so says nothing of them.
      .map(({ id: _i, title: _t, ...one }) => ({ ...one, undelivered: one.undelivered ?? 0 })),
    course: await month.rows("indicator-course", { indicator: id }),
    values: values.flatMap((value) => {
      const found = bodies.get(value.entity_id);
      return found ? { ...value, name: found.body.name, level: found.level.level } : [];
    }),
  };
}

function sourcesOf(
  workspace: string,
  pipeline: Parameters<typeof findSources>[1],
  kinds: readonly string[],
): Indicator["sources"] {
  try {
    return findSources(workspace, pipeline)
      .filter(({ kind }) => kinds.includes(kind))
      .map(({ source, title }) => ({ source_id: source, title }));
  } catch {
    // A source somebody is just editing: the page does without.
    return [];
  }
}
