import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { escapeText, writeFacts, writePage } from "./page.ts";
import { STATES, TRANSITIONS } from "./transitions.ts";
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

/**
 * Writes the correction notice of a decision into notices/<pipeline>/<number>/ of the jurisdiction's folder: what was decided,
 * what each published period said before and says now, and why. The number comes from the decision.
 */
export function writeNotice(
  { dataDir, pipeline }: { readonly dataDir: string; readonly pipeline: string },
  decision: Decision,
  periods: readonly RestatedPeriod[],
): { readonly number: string; readonly folder: string } {
  const number = numberNotice(decision);
  const folder = join(dataDir, "notices", pipeline, number);
  const data = { number, decision, periods };
  return {
    number,
    folder: writeDocument(folder, "notice", writeHtml(number, decision, periods), data),
  };
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
  const number = numberNotice(decision);
  if (existsSync(join(dataDir, "notices", pipeline, number))) return true;
  const older = join(dataDir, "notices", number, "notice.json");
  if (!existsSync(older)) return false;
  const { periods }: { periods: RestatedPeriod[] } = JSON.parse(readFileSync(older, "utf8"));
  return periods.some(({ after }) => runs.some(({ run }) => run === after.run));
}

function numberNotice({ occurred_at, event_id }: Decision): string {
  return `GZ-${occurred_at.slice(0, 10).replaceAll("-", "")}-${event_id.slice(-8)}`;
}

function writeHtml(number: string, decision: Decision, periods: readonly RestatedPeriod[]): string {
  const { zh, en } = TRANSITIONS[decision.event];
  const to = STATES[TRANSITIONS[decision.event].to];
  const day = decision.occurred_at.slice(0, 10);
  const facts = {
    zh: writeFacts([
      ["编号", number],
      ["主体", `${decision.name_zh ?? ""}（${decision.entity_id}）`],
      ["失信记录", decision.record],
      ["处理决定", `${zh}：${decision.document_no ?? ""}，${decision.actor_body}，${day}`],
      ["处理后状态", to.zh],
    ]),
    en: writeFacts([
      ["Number", number],
      ["Body", `${decision.name_en ?? ""} (${decision.entity_id})`],
      ["Record", decision.record],
      ["Decision", `${en}: ${decision.document_no ?? ""}, ${decision.actor_body}, ${day}`],
      ["State afterwards", to.en],
    ]),
  };
  return writePage(
    { zh: "更正公告", en: "Correction notice" },
    {
      zh: `${facts.zh}${periods.map((one) => writePeriod(one, decision, ZH)).join("")}<p class="note">${ZH.kept}</p>`,
      en: `${facts.en}${periods.map((one) => writePeriod(one, decision, EN)).join("")}<p class="note">${EN.kept}</p>`,
    },
  );
}

interface Words {
  readonly key: "name_zh" | "name_en";
  readonly title: "title_zh" | "title_en";
  readonly period: (id: string) => string;
  readonly head: string;
  readonly runs: (before: string, after: string) => string;
  readonly why: (parts: string) => string;
  readonly same: string;
  readonly kept: string;
}

const ZH: Words = {
  key: "name_zh",
  title: "title_zh",
  period: (id) => `${id} 期`,
  head: "<tr><th>单位<th>原得分<th>现得分<th>原名次<th>现名次<th>原等次<th>现等次",
  runs: (before, after) => `原发布：${before}。现发布：${after}。`,
  why: (parts) => `该主体得分变动来自：${parts}。`,
  same: "得分、名次和等次均无变化。",
  kept: "原发布的数据不改动，仍可按其截至时间查询；现发布反映新的截至时间所知的全部情况，变动也可能含同期知悉的其他更正。",
};
const EN: Words = {
  key: "name_en",
  title: "title_en",
  period: (id) => `Period ${id}`,
  head: "<tr><th>Body<th>Score before<th>now<th>Rank before<th>now<th>Grade before<th>now",
  runs: (before, after) => `Published before: ${before}. Published now: ${after}.`,
  why: (parts) => `The score of the body moved by: ${parts}.`,
  same: "Scores, ranks and grades are the same.",
  kept: "What was published before is left as it is and stays retrievable under its as-of time; what is published now holds everything known at the new as-of time, so other corrections that became known meanwhile may be in it.",
};

function writePeriod(one: RestatedPeriod, { entity_id }: Decision, words: Words): string {
  const name = ({ run, as_of }: RestatedPeriod["before"]) => `run ${run}, as of ${as_of}`;
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
    rows.length > 0 ? `<table>${words.head}${rows.join("")}</table>` : `<p>${words.same}</p>`,
    moved.length > 0 && one.changes.some((change) => change.entity_id === entity_id)
      ? `<p>${escapeText(words.why(moved.join(", ")))}</p>`
      : "",
    `<p class="note">${escapeText(words.runs(name(one.before), name(one.after)))}</p>`,
  ].join("\n");
}

function points(score: number | null): string {
  return score === null ? "–" : score.toFixed(2);
}
