import { html } from "hono/html";
import { z } from "zod";
import { nameCode, nameReason } from "../../publish/words.ts";
import { findSources } from "../../standard/workspace.ts";
import type { Markup } from "../page/layout.ts";
import { definePage, type PageView } from "./define-page.ts";
import { drawTable, figure, panel, percent, speaker } from "./parts.ts";
import { bilingual } from "./shapes.ts";

const count = z.number();
const data = z.object({
  fetching: z.object({ required: count, fetched: count, failed: z.array(z.unknown()) }).nullable(),
  sources: z.array(
    z.object({
      source_id: z.string(),
      title: bilingual,
      state: z.string(),
      message: bilingual,
      files: count,
      rows_received: count,
      rows_loaded: count,
      rows_quarantined: count,
      rows_refused: count,
      rows_duplicate: count,
      rows_corrected: count,
      rows_flagged: count,
      newest_known: z.string().nullable(),
      newest_valid: z.string().nullable(),
    }),
  ),
  quarantine: z.array(
    z.object({
      source_id: z.string(),
      reason: z.string(),
      column_name: z.string().nullable(),
      row_count: count,
      in_refused_file: z.boolean(),
    }),
  ),
  checks: z.array(
    z.object({
      check_id: z.string(),
      title: bilingual,
      source_id: z.string().nullable(),
      severity: z.string(),
      passed: z.boolean(),
      failing_rows: count,
      observed: z.string().nullable(),
      expected: z.string().nullable(),
      message: bilingual,
    }),
  ),
  files: z.array(
    z.object({
      source_id: z.string(),
      file_name: z.string(),
      file_hash: z.string(),
      bytes: count,
      format: z.string(),
      row_count: count,
      refused: z.boolean(),
      refused_because: z.string().nullable(),
    }),
  ),
  coverage: z.array(
    z.object({
      id: z.string(),
      title: bilingual,
      levels: z.array(z.object({ level: z.string(), assessed: count, bodies: count })),
    }),
  ),
});
type Quality = z.infer<typeof data>;
type View = PageView<Quality>;

export const qualityPage = definePage({
  name: "quality",
  rest: "none",
  summary: {
    zh: "数据质量：数据源、隔离、检查、覆盖",
    en: "Data quality: sources, rows set aside, checks, coverage",
  },
  query: z.object({}),
  data,
  async read({ month, around }) {
    const { fetching, sources, quarantine, checks, coverage } = month.report;
    const titles = new Map<string, { zh: string; en: string }>();
    try {
      for (const { source, title } of findSources(around.workspace, around.served.definition)) {
        titles.set(source, title);
      }
    } catch {
      // A source somebody is just editing: ids will do.
    }
    return {
      fetching: fetching && {
        required: fetching.required,
        fetched: fetching.fetched,
        failed: [...fetching.failed],
      },
      sources: sources.map(({ message_zh, message_en, ...row }) => ({
        ...row,
        title: titles.get(row.source_id) ?? { zh: row.source_id, en: row.source_id },
        message: { zh: message_zh ?? "", en: message_en ?? "" },
      })),
      quarantine: [...quarantine],
      checks: checks.map(({ message_zh: zh, message_en: en, ...row }) => ({
        ...row,
        message: { zh, en },
      })),
      files: await month.rows<Quality["files"][number]>("files"),
      coverage: [...new Set(coverage.map(({ id }) => id))].map((id) => {
        const own = coverage.filter((row) => row.id === id);
        return {
          id,
          title: own[0]?.title ?? { zh: id, en: id },
          levels: own.map(({ level, assessed, bodies }) => ({ level, assessed, bodies })),
        };
      }),
    };
  },
  toCsv: ({ sources }) => ({
    columns: [
      "source_id",
      "title_zh",
      "title_en",
      "state",
      "files",
      "rows_received",
      "rows_loaded",
      "rows_quarantined",
      "rows_refused",
      "rows_duplicate",
      "rows_corrected",
      "rows_flagged",
      "newest_known",
      "newest_valid",
    ],
    rows: sources.map(({ title, message: _, ...row }) => ({
      ...row,
      title_zh: title.zh,
      title_en: title.en,
    })),
  }),
  draw(view) {
    const { data: shown, language } = view;
    const say = speaker(language);
    const failed = shown.checks.filter(({ passed }) => !passed);
    const of = (part: number, whole: number) =>
      say("ofTotal", { part: figure(part), whole: figure(whole) });
    const fresh = shown.sources.filter(({ state }) => state === "fresh").length;
    const pairs = [
      [say("sourcesFresh"), of(fresh, shown.sources.length)],
      [say("checksPassed"), of(shown.checks.length - failed.length, shown.checks.length)],
      [say("files"), figure(shown.files.length)],
      [
        say("rowsQuarantined"),
        figure(shown.sources.reduce((sum, { rows_quarantined: rows }) => sum + rows, 0)),
      ],
    ];
    return {
      title: { zh: "数据质量", en: "Data quality" },
      entry: "quality",
      main: html`<dl class="figures">${pairs.map(
        ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`,
      )}</dl>
${panel("sources", say("sources"), drawSources(view))}
${panel("checks", say("checks"), drawChecks(view))}
${panel("quarantine", say("quarantine"), drawQuarantine(view))}
${panel("coverage", say("indicatorCoverage"), drawCoverage(view))}
${panel("files", say("files"), drawFiles(view))}`,
    };
  },
});

/** Titles of sources by id. */
function namer({ sources }: Quality, language: "zh" | "en"): (id: string) => string {
  const titles = new Map(sources.map(({ source_id, title }) => [source_id, title[language]]));
  return (id) => titles.get(id) ?? id;
}

/** Of a sentence kept as Chinese and then English, the one; another text is told as it is. */
function sentenceIn(text: string, language: "zh" | "en"): string {
  const [, zh, en] = /^([\s\S]*[。！？])\s*([A-Z][^\u4e00-\u9fff]*)$/.exec(text) ?? [];
  if (zh === undefined || en === undefined) return text;
  return language === "zh" ? zh : en;
}

function drawSources({ data: shown, language }: View): Markup {
  const say = speaker(language);
  return drawTable({
    head: [
      say("source"),
      say("state"),
      { n: say("files") },
      { n: say("received") },
      { n: say("loaded") },
      { n: say("quarantined") },
      { n: say("duplicates") },
      { n: say("corrected") },
      { n: say("flagged") },
      say("newest"),
      say("remark"),
    ],
    rows: shown.sources.map(
      (own) =>
        html`<tr><th scope="row">${own.title[language]}<br><code>${own.source_id}</code></th><td class="s-${own.state}">${nameCode(own.state)[language]}</td><td class="n">${figure(own.files)}</td><td class="n">${figure(own.rows_received)}</td><td class="n">${figure(own.rows_loaded)}</td><td class="n">${figure(own.rows_quarantined)}</td><td class="n">${figure(own.rows_duplicate)}</td><td class="n">${figure(own.rows_corrected)}</td><td class="n">${figure(own.rows_flagged)}</td><td class="day">${own.newest_valid ?? "–"}</td><td>${own.message[language]}</td></tr>
`,
    ),
  });
}

function drawChecks({ data: shown, language }: View): Markup {
  const say = speaker(language);
  const failed = shown.checks.filter(({ passed }) => !passed);
  const passed = shown.checks.filter((one) => one.passed);
  const head = [say("check"), say("source"), say("severity"), { n: say("failing") }, say("remark")];
  const nameOf = namer(shown, language);
  const table = (rows: Quality["checks"]) =>
    drawTable({
      head,
      rows: rows.map(
        (own) =>
          html`<tr><th scope="row">${own.title[language]}<br><code>${own.check_id}</code></th><td>${own.source_id === null ? "–" : nameOf(own.source_id)}</td><td>${nameCode(own.severity)[language]}</td><td class="n">${figure(own.failing_rows)}</td><td>${own.message[language]}</td></tr>
`,
      ),
    });
  return html`<p>${say("checksSentence", { total: shown.checks.length, passed: passed.length, failed: failed.length })}</p>
${failed.length > 0 ? table(failed) : ""}
<details><summary>${say("passedChecks")} (${passed.length})</summary>${table(passed)}</details>`;
}

function drawQuarantine({ data: shown, language }: View): Markup {
  const say = speaker(language);
  if (shown.quarantine.length === 0) return html`<p>${say("none")}</p>`;
  const nameOf = namer(shown, language);
  return drawTable({
    head: [say("source"), say("reason"), say("column"), { n: say("rows") }, say("inRefusedFiles")],
    rows: shown.quarantine.map(
      (own) =>
        html`<tr><th scope="row">${nameOf(own.source_id)}</th><td>${nameReason(own.reason)[language]}</td><td><code>${own.column_name ?? "–"}</code></td><td class="n">${figure(own.row_count)}</td><td>${own.in_refused_file ? "✓" : ""}</td></tr>`,
    ),
  });
}

function drawCoverage({ data: shown, language, month, link }: View): Markup {
  const say = speaker(language);
  const { levels } = month.report;
  return html`<p class="note">${say("indicatorCoverageNote")}</p><details><summary>${say("showAll", { count: shown.coverage.length })}</summary>${drawTable(
    {
      head: [say("indicator"), ...levels.map(({ title }) => ({ n: title[language] }))],
      rows: shown.coverage.map(
        (own) =>
          html`<tr><th scope="row"><a href="${link(`indicator/${own.id}`)}">${own.title[language]}</a></th>${levels.map(
            ({ level }) => {
              const one = own.levels.find((row) => row.level === level);
              if (!one || one.bodies === 0) return html`<td class="n">–</td>`;
              const share = one.assessed / one.bodies;
              return html`<td class="n${share < 1 ? " part" : ""}">${one.assessed} / ${one.bodies} <small>${percent(share)}</small></td>`;
            },
          )}</tr>
`,
      ),
    },
  )}</details>`;
}

function drawFiles({ data: shown, language }: View): Markup {
  const say = speaker(language);
  const refused = shown.files.filter((one) => one.refused);
  const nameOf = namer(shown, language);
  const table = (rows: Quality["files"]) =>
    drawTable({
      head: [say("source"), say("file"), { n: say("rows") }, "sha-256", say("remark")],
      rows: rows.map(
        (own) =>
          html`<tr><th scope="row">${nameOf(own.source_id)}</th><td>${own.file_name}</td><td class="n">${figure(own.row_count)}</td><td><code>${own.file_hash.slice(0, 16)}…</code></td><td class="bad">${sentenceIn(own.refused_because ?? "", language)}</td></tr>
`,
      ),
    });
  return html`${refused.length > 0 ? html`<h3>${say("refusedFiles")}</h3>${table(refused)}` : ""}
<details><summary>${say("files")} (${shown.files.length})</summary>${table(shown.files)}</details>`;
}
