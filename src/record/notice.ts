import { existsSync } from "node:fs";
import { join } from "node:path";
import type { EntityNames } from "../entity-names.ts";
import type { Bilingual } from "../standard/bilingual.ts";
import type { PipelineDefinition } from "../standard/pipeline-definition.ts";
import { readText } from "../whole-file.ts";
import { type DocumentHead, issueDocument, nameActor, writeDay } from "./document.ts";
import { escapeText, writeFacts, writePage } from "./page.ts";
import { TRANSITIONS } from "./transitions.ts";
import { writeDocument } from "./write-document.ts";

/** What a decision did to a published period. */
export interface RestatedPeriod {
  readonly period: string;
  readonly before: { readonly run: string; readonly as_of: string };
  readonly after: { readonly run: string; readonly as_of: string };
  /** The body itself first, then others whose rank or grade changed. */
  readonly changes: readonly {
    readonly entity_id: string;
    readonly name_zh: string | null;
    readonly name_en: string | null;
    readonly score_before: number | null;
    readonly score: number | null;
    readonly rank_before: number | null;
    readonly rank: number | null;
    readonly grade_before: string | null;
    readonly grade: string | null;
  }[];
  /** What moved the body's score, in points. */
  readonly why: readonly {
    readonly node_id: string;
    readonly title_zh: string;
    readonly title_en: string;
    readonly moved: number;
  }[];
}

/** The decision that makes published months be restated. */
export interface Decision {
  readonly event_id: string;
  readonly event: "uphold" | "correct" | "revoke";
  readonly record: string;
  readonly source: string;
  readonly entity_id: string;
  readonly name_zh: string | null;
  readonly name_en: string | null;
  readonly decided_on: string;
  readonly occurred_at: string;
  readonly document_no: string | null;
  readonly actor_body: string;
  readonly known_at: string;
}

/** Where notices are written, and what is needed to word them. */
export interface NoticeDesk {
  /** Folder of the jurisdiction. */
  readonly dataDir: string;
  readonly pipeline: Pick<PipelineDefinition, "pipeline" | "office" | "report">;
  readonly names: EntityNames;
}

const PURPOSE: Bilingual = {
  zh: "更正已发布的评价结果",
  en: "to correct results that were published",
};

/**
 * Writes the correction notice of a decision into notices/<pipeline>/<folder>/ of the jurisdiction's folder: what was decided,
 * what each published period said before and says now, and why. Number and folder come from the decision. The record is
 * not named: it may be revoked, or its publication may end while the notice stays; the decision's own number is enough.
 */
export function writeNotice(
  desk: NoticeDesk,
  decision: Decision,
  periods: readonly RestatedPeriod[],
): { readonly head: DocumentHead; readonly folder: string } {
  const name = {
    zh: decision.name_zh ?? decision.entity_id,
    en: decision.name_en ?? decision.entity_id,
  };
  const issued_on = periods
    .map(({ after }) => after.as_of.slice(0, 10))
    .toSorted()
    .at(-1) as string;
  const head = issueDocument(
    desk.pipeline,
    "notice",
    [desk.pipeline.pipeline, decision.source, decision.event_id],
    { issued_on, addressee: name, purpose: PURPOSE },
  );
  const folder = join(desk.dataDir, "notices", desk.pipeline.pipeline, nameFolder(decision));
  const actor = nameActor(decision.actor_body, desk.pipeline, desk.names);
  const { record: _, source: __, ...told } = decision;
  const html = writeHtml(head, { decision, name, actor }, periods);
  return { head, folder: writeDocument(folder, "notice", html, { head, decision: told, periods }) };
}

/**
 * Whether a pipeline's notice of a decision was written. Older programs wrote into notices/<number>/ for all pipelines of a
 * jurisdiction together; such a notice is the pipeline's when it names one of its runs.
 */
export function isNoticed(
  { dataDir, pipeline }: { readonly dataDir: string; readonly pipeline: string },
  decision: Decision,
  runs: readonly { readonly run: string }[],
): boolean {
  const name = nameFolder(decision);
  if (existsSync(join(dataDir, "notices", pipeline, name))) return true;
  const older = join(dataDir, "notices", name, "notice.json");
  if (!existsSync(older)) return false;
  const { periods }: { periods: RestatedPeriod[] } = JSON.parse(readText(older));
  return periods.some(({ after }) => runs.some(({ run }) => run === after.run));
}

function nameFolder({ occurred_at, event_id }: Decision): string {
  return `GZ-${occurred_at.slice(0, 10).replaceAll("-", "")}-${event_id.slice(-8)}`;
}

interface Told {
  readonly decision: Decision;
  readonly name: Bilingual;
  readonly actor: Bilingual;
}

function writeHtml(head: DocumentHead, told: Told, periods: readonly RestatedPeriod[]): string {
  const { decision, name, actor } = told;
  const { zh, en } = TRANSITIONS[decision.event];
  const day = writeDay(decision.occurred_at.slice(0, 10));
  const facts = {
    zh: writeFacts([
      ["主体", `${name.zh}（${decision.entity_id}）`],
      ["处理决定", `对异议所涉失信记录予以${zh}`],
      ["决定文书号", decision.document_no ?? "（无文书号）"],
      ["决定机关", actor.zh],
      ["决定日期", day.zh],
    ]),
    en: writeFacts([
      ["Body", `${name.en} (${decision.entity_id})`],
      ["Decision", `to ${en} the record objected to`],
      ["Its number", decision.document_no ?? "(no document number)"],
      ["Decided by", actor.en],
      ["Decided on", day.en],
    ]),
  };
  return writePage({ zh: "更正公告", en: "Correction Notice" }, head, {
    zh: `${facts.zh}${periods.map((one) => writePeriod(one, decision, ZH)).join("")}<p class="note">${ZH.kept}</p>`,
    en: `${facts.en}${periods.map((one) => writePeriod(one, decision, EN)).join("")}<p class="note">${EN.kept}</p>`,
  });
}

interface Words {
  readonly key: "name_zh" | "name_en";
  readonly title: "title_zh" | "title_en";
  readonly period: (id: string) => string;
  readonly head: string;
  readonly runs: (before: RestatedPeriod["before"], after: RestatedPeriod["after"]) => string;
  readonly between: string;
  readonly why: (parts: string) => string;
  readonly same: string;
  readonly kept: string;
}

const ZH: Words = {
  key: "name_zh",
  title: "title_zh",
  period: (id) => `${id}期`,
  head: "<tr><th>单位<th>原得分<th>现得分<th>原名次<th>现名次<th>原等次<th>现等次",
  runs: (before, after) =>
    `原发布：数据截至${writeDay(before.as_of.slice(0, 10)).zh}（运行编号${before.run}）。现发布：数据截至${writeDay(after.as_of.slice(0, 10)).zh}（运行编号${after.run}）。`,
  between: "，",
  why: (parts) => `该主体得分变动来自：${parts}。`,
  same: "得分、名次和等次均无变化。",
  kept: "原发布的数据不改动，仍可按其截至时间查询；现发布反映新的截至时间所知的全部情况，变动也可能含同期知悉的其他更正。",
};
const EN: Words = {
  key: "name_en",
  title: "title_en",
  period: (id) => `Period ${id}`,
  head: "<tr><th>Body<th>Score before<th>now<th>Rank before<th>now<th>Grade before<th>now",
  runs: (before, after) =>
    `Published before: as known on ${writeDay(before.as_of.slice(0, 10)).en} (run ${before.run}). Published now: as known on ${writeDay(after.as_of.slice(0, 10)).en} (run ${after.run}).`,
  between: ", ",
  why: (parts) => `The score of the body moved by: ${parts}.`,
  same: "Scores, ranks and grades are the same.",
  kept: "What was published before is left as it is and stays retrievable under its as-of time; what is published now holds everything known at the new as-of time, so other corrections that became known meanwhile may be in it.",
};

function writePeriod(one: RestatedPeriod, { entity_id }: Decision, words: Words): string {
  const rows = one.changes.map(
    (change) =>
      `<tr><td>${escapeText(change[words.key] ?? change.entity_id)}${[
        points(change.score_before),
        points(change.score),
        change.rank_before ?? "–",
        change.rank ?? "–",
        change.grade_before ?? "–",
        change.grade ?? "–",
      ]
        .map((cell) => `<td class="n">${escapeText(String(cell))}`)
        .join("")}`,
  );
  const moved = one.why.map(
    ({ moved: by, ...node }) =>
      `${node[words.title]} ${by < 0 ? "−" : "+"}${Math.abs(by).toFixed(2)}`,
  );
  return [
    `<h2>${escapeText(words.period(one.period))}</h2>`,
    rows.length > 0
      ? `<div class="scroll"><table>${words.head}${rows.join("")}</table></div>`
      : `<p>${words.same}</p>`,
    moved.length > 0 && one.changes.some((change) => change.entity_id === entity_id)
      ? `<p>${escapeText(words.why(moved.join(words.between)))}</p>`
      : "",
    `<p class="note">${escapeText(words.runs(one.before, one.after))}</p>`,
  ].join("\n");
}

function points(score: number | null): string {
  return score === null ? "–" : score.toFixed(2);
}
