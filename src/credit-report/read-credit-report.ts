import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sampleRankCorrelation } from "simple-statistics";
import { findBodies } from "../find-bodies.ts";
import { parsePeriod, shiftPeriod } from "../period.ts";
import { bringUpReport } from "../publish/bring-up-report.ts";
import type { PublishedReport } from "../publish/json.ts";
import { PartLacked } from "../publish/lacked-parts.ts";
import { holdsTable, type LeftOut, openPublished } from "../publish/open-published.ts";
import { UNDISCLOSED } from "../publish/outputs.ts";
import { TEXTS } from "../publish/texts.ts";
import { nameActor } from "../record/document.ts";
import type { Bilingual } from "../standard/bilingual.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { Row, Store, StoreOptions } from "../store/store.ts";
import { type CreditReport, creditReportSchema } from "./schema.ts";

const sql = sqlFile(import.meta.dirname, "credit-report.sql");

/** Fewer bodies than this say nothing of agreement. */
const LEAST_BODIES = 3;

/**
 * The credit report of a body as published in a folder: the same folder gives the same report, byte for byte, until the publication of
 * one of its records is over.
 * @param entity code, former code, unified social credit code or name
 * @param today records whose publication is over by then are left out; default: the as-of day
 * @throws Error in a sentence when no body, or more than one, answers to it
 */
export async function readCreditReport(
  folder: string,
  entity: string,
  {
    today,
    left,
    ...options
  }: StoreOptions & {
    readonly today?: string;
    readonly left?: LeftOut;
  } = {
    memory: "300MB",
    threads: 1,
  },
): Promise<CreditReport> {
  // A report that says "no records" of a month that did not list them would be untrue.
  if (!holdsTable(folder, "dishonesty_record")) throw new PartLacked(NO_RECORDS);
  const store = await openPublished(options, folder, left);
  try {
    const body = await findBody(store, entity);
    const whole = readReport(folder);
    return creditReportSchema.parse(await read(store, body, { whole, today }));
  } finally {
    store.close();
  }
}

type WholeReport = Omit<PublishedReport, "audience"> & {
  /** Null of a month without editions: everything stands in it, and it does not say for whose eyes. */
  readonly audience: PublishedReport["audience"] | null;
};

/** The report of the same edition; a rendering may have none. */
function readReport(folder: string): WholeReport | null {
  const file = join(folder, "report.json");
  if (!existsSync(file)) return null;
  const read = JSON.parse(readFileSync(file, "utf8"));
  return { ...bringUpReport(read), audience: read.audience ?? null };
}

const NO_RECORDS = {
  zh: "该期由较早版本的程序发布，未载明失信记录的状态，不能据以出具信用报告。请指定由新版本程序发布的一期。",
  en: "An older program published this period, without the states of dishonesty records: no credit report can be made of it. Name a period that a newer program published.",
};

/**
 * The name of the body that a report goes to.
 * @throws Error in a sentence when no body, or more than one, answers to it
 */
export async function readBodyName(
  folder: string,
  entity: string,
  options: StoreOptions,
): Promise<Bilingual> {
  const store = await openPublished(options, folder);
  try {
    const body = await findBody(store, entity);
    return { zh: body.name_zh as string, en: body.name_en as string };
  } finally {
    store.close();
  }
}

async function readEvents(
  store: Store,
  shown: { readonly entity: string; readonly today: string },
): Promise<unknown[]> {
  const rows = await store.rows<{ id: string } & Bilingual>(sql("names"));
  const names = new Map(rows.map(({ id, zh, en }) => [id, { zh, en }]));
  const events = await store.rows<{ actor_body: string | null }>(sql("events"), shown);
  return events.map((one) => ({
    ...one,
    actor: one.actor_body === null ? null : nameActor(one.actor_body, {}, names),
  }));
}

async function findBody(store: Store, entity: string): Promise<Row> {
  const entities = JSON.stringify(await findBodies(store, entity));
  const found = await store.rows(sql("entity"), { entities });
  if (found.length === 1) return found[0] as Row;
  throw new Error(
    found.length === 0
      ? `"${entity}" is not a government body on file. Give its code or its name as the ranking shows it.`
      : `"${entity}" may be ${found.map((one) => `${one.entity_id} ${one.name_zh}`).join(" or ")}; give the code.`,
  );
}

async function read(
  store: Store,
  body: Row,
  { whole, today }: { readonly whole: WholeReport | null; readonly today: string | undefined },
): Promise<unknown> {
  const run = (await store.row(sql("run"))) as Row;
  const period = run.period as string;
  const entity = body.entity_id as string;
  const own = { entity };
  const shown = { entity, today: today ?? String(run.as_of).slice(0, 10) };
  const history = await store.rows(sql("history"), own);
  const now = history.find((row) => row.period === period);
  const records = (await store.rows(sql("records"), shown)).map(
    ({ publication_basis_zh: zh, publication_basis_en: en, ...row }) => ({
      ...row,
      publication_basis: zh === null || en === null ? null : { zh, en },
    }),
  );
  return {
    format: "zhengxin credit report 1",
    period: { id: period, starts_on: run.starts_on, ends_on: run.ends_on },
    as_of: run.as_of,
    run: run.run_id,
    pipeline: run.pipeline,
    jurisdiction: run.jurisdiction,
    synthetic: run.synthetic,
    standard: {
      id: run.standard_id,
      version: run.standard_version,
      title: whole?.standard.title ?? null,
    },
    audience: whole?.audience ?? null,
    by_analogy: whole?.by_analogy ?? null,
    identity: {
      ...pick(body, "entity_id", "level", "kind"),
      name: bilingual(body, "name"),
      parent: body.parent_zh
        ? { entity_id: body.parent_id, name: bilingual(body, "parent") }
        : null,
      ...pick(body, "division_code", "uscc", "valid_from", "valid_to"),
      codes: await store.rows(sql("codes"), own),
    },
    standing: now
      ? {
          peer_class: now.peer_class,
          ranked: now.state === "ranked",
          ...pick(now, "score", "rank", "ranked_of", "grade", "grade_before_veto", "vetoed_by"),
          rank_range: (await store.row(sql("range"), { ...own, period })) ?? null,
          grade_title: now.grade_zh ? bilingual(now, "grade") : null,
          grade_colour: now.colour,
          coverage: now.coverage,
          reason: { zh: now.reason_zh ?? "", en: now.reason_en ?? "" },
        }
      : null,
    history: history.map((row) => pick(row, "period", "score", "rank", "ranked_of", "grade")),
    contributions: (
      await store.rows(sql("contributions"), {
        ...own,
        period,
        previous: shiftPeriod(parsePeriod(period), -1).id,
      })
    ).map((row) => ({
      ...pick(row, "kind", "id", "points", "points_previous", "state", "value"),
      title: row.id === UNDISCLOSED ? TEXTS.undisclosed : bilingual(row, "title"),
      unit: row.unit_zh ? bilingual(row, "unit") : null,
    })),
    records,
    record_counts: countRecords(records),
    record_events: await readEvents(store, shown),
    lists: (await store.rows(sql("lists"), own)).map((row) => ({
      ...pick(row, "list_id", "kind", "field", "since", "until", "ends", "disputed"),
      ...pick(row, "record_key", "document_no"),
      title: bilingual(row, "title"),
      effect: bilingual(row, "effect"),
      article: bilingual(row, "article"),
      reason: bilingual(row, "reason"),
    })),
    commitments: await store.rows(sql("commitments"), own),
    warnings: (await store.rows(sql("warnings"), own)).map((row) => ({
      ...pick(row, "warnings_id", "rule_id", "level", "began"),
      title: { zh: row.title_zh ?? row.rule_id, en: row.title_en ?? row.rule_id },
      message: bilingual(row, "message"),
    })),
    ratings: await store.rows(sql("ratings"), own),
    rating_agreement: await readAgreement(store, period, body.level as string),
  };
}

async function readAgreement(store: Store, period: string, level: string) {
  const rows = await store.rows<{ rater: string; ours: number; theirs: number }>(
    sql("rated-beside-ours"),
    { period, level },
  );
  return [...new Set(rows.map(({ rater }) => rater))].map((rater) => {
    const pairs = rows.filter((row) => row.rater === rater);
    const ours = pairs.map((pair) => pair.ours);
    const theirs = pairs.map((pair) => pair.theirs);
    const spearman = pairs.length < LEAST_BODIES ? Number.NaN : sampleRankCorrelation(ours, theirs);
    // Where all scores are equal there is no order to agree on.
    return { rater, bodies: pairs.length, spearman: Number.isFinite(spearman) ? spearman : null };
  });
}

function countRecords(records: readonly Row[]) {
  const counts = new Map<string, { state: unknown; severity: unknown; count: number }>();
  for (const { state, severity } of records) {
    const key = `${state} ${severity}`;
    const held = counts.get(key) ?? { state, severity, count: 0 };
    counts.set(key, { ...held, count: held.count + 1 });
  }
  return [...counts.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
}

function pick(row: Row, ...names: readonly string[]): Row {
  return Object.fromEntries(names.map((name) => [name, row[name]]));
}

function bilingual(row: Row, name: string) {
  return { zh: row[`${name}_zh`], en: row[`${name}_en`] };
}
