import { nameCategory } from "../../publish/words.ts";
import { normaliseIdentifier } from "../../standard/identifiers.ts";
import { tablesOf } from "../../standard/indicator-file.ts";
import type { Month } from "../months/open-month.ts";
import type { PageRequest } from "./define-page.ts";
import { categoryNamesOf, definitionOf } from "./definitions.ts";
import type { EntityData } from "./entity-shape.ts";
import { readWarningsOf } from "./read-entity-warnings.ts";
import { bodiesOf, type FoundBody, readTitles } from "./read-report.ts";

/** Kinds of records that hold what a body promised. */
const PROMISES = new Set(["commitment", "service_commitment", "contract"]);

type Titles = Awaited<ReturnType<typeof readTitles>>;
const titled = (titles: Titles, id: string) => titles.get(id) ?? { zh: id, en: id };

/** Everything an entity's page says; undefined when the month does not score it. */
export async function readEntity({
  month,
  rest: asked,
  query,
  around,
}: PageRequest<{ from?: string | undefined }>): Promise<EntityData | undefined> {
  const all = bodiesOf(month);
  const found = all.get(asked) ?? all.get(normaliseIdentifier(asked));
  if (!found) return undefined;
  const { standing, level, peers, body } = found;
  const entity = body.entity_id;
  const titles = await readTitles(month);
  const history = await month.rows<EntityData["history"][number]>("history", { entity });
  const parent = body.parent_id === null ? undefined : all.get(body.parent_id);
  return {
    standing,
    level_title: level.title,
    peer_class_title: peers.title,
    grades: [...month.report.grades],
    parent: parent ? { entity_id: parent.body.entity_id, name: parent.body.name } : null,
    children: [...all.values()]
      .filter((other) => other.body.parent_id === entity)
      .map((other) => other.standing),
    veto_title: body.vetoed_by === null ? null : titled(titles, body.vetoed_by),
    history,
    ...(await readComposition(month, found, titles)),
    change: await readChange(month, entity, history, query.from, titles),
    indicators: await readIndicatorsOf(month, found, around.workspace),
    records: body.records.map((record) => ({
      ...record,
      title: titled(titles, record.rule),
    })),
    dishonesty_records: month.has("dishonesty_record")
      ? await month.rows("dishonesty-records", { entity })
      : [],
    warnings: await readWarningsOf(month, entity),
  };
}

interface NodeRow {
  readonly level: string;
  readonly id: string;
  readonly node_level: string;
  readonly parent: string | null;
}

/** Dimensions right below the index with their points, and what comes on top of them. */
async function readComposition(
  month: Month,
  { body, level, peers }: FoundBody,
  titles: Titles,
): Promise<Pick<EntityData, "dimensions" | "others">> {
  const nodes = (await month.rows<NodeRow>("nodes")).filter((node) => node.level === level.level);
  const parentOf = new Map(nodes.map(({ id, parent }) => [id, parent]));
  const index = nodes.find(({ parent }) => parent === null)?.id;
  const climb = (id: string): string => {
    const parent = parentOf.get(id);
    return parent === undefined || parent === null || parent === index ? id : climb(parent);
  };
  const scored = body.contributions.filter(({ kind }) => kind === "indicator");
  const hadPrevious = body.score_previous !== null;
  const dimensions = level.dimensions
    .filter(({ id }) => parentOf.get(id) === index)
    .map(({ id, title, weight }) => {
      const own = scored.filter((one) => climb(one.id) === id);
      return {
        id,
        title,
        weight,
        score: body.dimensions.find((one) => one.id === id)?.score ?? null,
        median: medianOf(
          peers.bodies.flatMap((peer) => peer.dimensions.find((one) => one.id === id)?.score ?? []),
        ),
        points: sum(own.map(({ points }) => points)),
        points_previous: hadPrevious
          ? sum(own.map(({ points_previous: points }) => points ?? 0))
          : null,
      };
    });
  const others = body.contributions
    .filter(({ kind }) => kind !== "indicator")
    .map(({ kind, id, points, points_previous }) => ({
      kind,
      id,
      title: titled(titles, id),
      points,
      points_previous,
    }));
  return { dimensions, others };
}

/** What moved the score between two periods, the largest first. */
async function readChange(
  month: Month,
  entity: string,
  history: EntityData["history"],
  asked: string | undefined,
  titles: Titles,
): Promise<EntityData["change"]> {
  const to = month.run.period;
  const scored = history.filter(({ score }) => score !== null);
  const periods = scored.map(({ period }) => period).filter((period) => period !== to);
  const from = asked !== undefined && periods.includes(asked) ? asked : periods.at(-1);
  const at = (period: string | undefined) =>
    scored.find((one) => one.period === period)?.score ?? null;
  const [scoreFrom, scoreTo] = [at(from), at(to)];
  if (from === undefined || scoreFrom === null || scoreTo === null) return null;
  const rows = await month.rows<{ period: string; kind: string; id: string; points: number }>(
    "contributions",
    { entity, from, to },
  );
  const steps = new Map<string, { kind: string; id: string; before: number; after: number }>();
  for (const { period, kind, id, points } of rows) {
    const key = `${kind} ${id}`;
    const step = steps.get(key) ?? { kind, id, before: 0, after: 0 };
    if (period === from) step.before += points;
    if (period === to) step.after += points;
    steps.set(key, step);
  }
  return {
    from,
    to,
    periods,
    score_from: scoreFrom,
    score_to: scoreTo,
    steps: [...steps.values()]
      .map((step) => ({
        ...step,
        title: titled(titles, step.id),
        change: step.after - step.before,
      }))
      .filter(({ change }) => change !== 0)
      .toSorted((a, b) => Math.abs(b.change) - Math.abs(a.change) || (a.id < b.id ? -1 : 1)),
  };
}

/** Its indicators, those that cost most first, then those that could not be assessed. */
async function readIndicatorsOf(
  month: Month,
  { body }: FoundBody,
  workspace: string,
): Promise<EntityData["indicators"]> {
  const entity = body.entity_id;
  const period = month.run.period;
  const known = new Map((await month.rows<IndicatorRow>("indicators")).map((row) => [row.id, row]));
  const weights = new Map(
    (
      await month.rows<{ id: string; effective_weight: number | null }>("entity-nodes", {
        entity,
        period,
      })
    ).map(({ id, effective_weight: weight }) => [id, weight]),
  );
  const names = categoryNamesOf(workspace, month.report.standard.id);
  const details = await month.rows<DetailRow>("details", { entity, period });
  return body.indicators
    .map((value) => {
      const row = known.get(value.id);
      const weight = weights.get(value.id) ?? null;
      const definition = definitionOf(workspace, value.id);
      const reads = definition ? tablesOf(definition) : [];
      return {
        id: value.id,
        title: { zh: row?.title_zh ?? value.id, en: row?.title_en ?? value.id },
        unit: { zh: row?.unit_zh ?? "", en: row?.unit_en ?? "" },
        clause: row?.clause ?? null,
        state: value.state,
        numerator: value.numerator,
        denominator: value.denominator,
        value: value.value,
        score: value.score,
        sample_size: value.sample_size,
        excluded: value.excluded,
        undelivered: value.undelivered ?? 0,
        weight,
        lost: value.score === null || weight === null ? null : (100 - value.score) * weight,
        on_commitments: reads.some((kind) => PROMISES.has(kind)),
        categories: details
          .filter(({ id }) => id === value.id)
          .map(({ detail, points }) => ({
            category: detail,
            title: nameCategory(detail, names),
            points,
          })),
      };
    })
    .toSorted((a, b) => (b.lost ?? -1) - (a.lost ?? -1) || (a.id < b.id ? -1 : 1));
}

interface DetailRow {
  readonly id: string;
  readonly detail: string;
  readonly points: number;
}

interface IndicatorRow {
  readonly id: string;
  readonly clause: string | null;
  readonly title_zh: string;
  readonly title_en: string;
  readonly unit_zh: string;
  readonly unit_en: string;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

function medianOf(numbers: readonly number[]): number | null {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const low = sorted[Math.floor(middle)];
  const high = sorted[Math.ceil(middle)];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
