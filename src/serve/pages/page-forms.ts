import { sayByAnalogy } from "../../publish/cited.ts";
import { writeNoticedCsv } from "../../publish/csv.ts";
import { lackedParts } from "../../publish/lacked-parts.ts";
import type { Bilingual } from "../../publish/report.ts";
import { noteOf } from "../../redact/rendering-note.ts";
import type { ServedPipeline } from "../months/find-month.ts";
import type { Month } from "../months/open-month.ts";
import type { Language } from "../page/language.ts";
import { type PagePlace, renderPage } from "../page/layout.ts";
import type { PageView, Query } from "./define-page.ts";
import type { PageParts, WantedPage } from "./page-routes.ts";
import { palettePath } from "./palette.ts";

export interface Making {
  readonly served: ServedPipeline;
  readonly month: Month;
  readonly wanted: WantedPage;
  readonly query: Query;
  /** The query in one order. */
  readonly search: string;
  readonly language: Language;
  /** Whether another pipeline is for whoever asks. */
  readonly isOpen: (served: ServedPipeline) => boolean;
}

/** Makes a page in the form that is asked for; undefined where there is nothing of the kind. */
export async function makeForms(
  { config, index, look }: PageParts,
  making: Making,
): Promise<{ type: string; text: string } | undefined> {
  const { served, month, wanted, query, language } = making;
  const around = { workspace: config.workspace, served, look };
  const data = await wanted.page.read({ month, rest: wanted.rest, query, around });
  if (data === undefined) return undefined;
  if (wanted.form === "json") {
    const text = `${JSON.stringify({ ...describeMonth(month), ...(data as object) })}\n`;
    return { type: "application/json; charset=utf-8", text };
  }
  if (wanted.form === "csv") {
    const { columns, rows } = wanted.page.toCsv(data);
    return {
      type: "text/csv; charset=utf-8",
      text: writeNoticedCsv(columns, rows, noteOf(month.manifest)),
    };
  }
  const { pipeline } = served.definition;
  const chosen = pick(query, ["period", "run"]);
  const view: PageView<unknown> = {
    data,
    month,
    language,
    around,
    link(path, more = {}) {
      const search = new URLSearchParams({ ...chosen, ...pick(more, Object.keys(more)) });
      const encoded = path.split("/").map(encodeURIComponent).join("/");
      return `/${pipeline}/${encoded}${search.size > 0 ? `?${search}` : ""}`;
    },
  };
  const drawn = await wanted.page.draw(view);
  const place: PagePlace = {
    pipeline,
    title: month.report.title,
    standard: month.report.standard.title ?? null,
    synthetic: sayInvented(month, (await look(served, month.run))?.day),
    redaction: noteOf(month.manifest) ?? null,
    byAnalogy: byAnalogyOf(month),
    lacked: lackedParts(month),
    damaged: served.damaged.map(({ period, run }) => `${period} (${run})`),
    period: month.run.period,
    periods: [...new Set(served.runs.map(({ period }) => period))].toReversed(),
    query: Object.keys(chosen).length > 0 ? `?${new URLSearchParams(chosen)}` : "",
    others: index
      .list()
      .filter((other) => other.definition.pipeline !== pipeline && making.isOpen(other))
      .map(({ definition }) => ({
        pipeline: definition.pipeline,
        title: definition.report.title,
      })),
  };
  const name = wanted.rest === "" ? wanted.page.name : `${wanted.page.name}/${wanted.rest}`;
  const text = await renderPage({
    ...drawn,
    language,
    place,
    query: making.search,
    data: true,
    path: `/${pipeline}/${name.split("/").map(encodeURIComponent).join("/")}`,
    palette: palettePath(month.report.grades),
  });
  return { type: "text/html; charset=utf-8", text };
}

function pick(query: Query, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = query[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** What every page's JSON begins with. */
function describeMonth(month: Month) {
  const { pipeline, run, manifest, report } = month;
  const note = noteOf(manifest);
  return {
    pipeline: pipeline.pipeline,
    period: run.period,
    run: run.run,
    as_of: manifest.as_of,
    synthetic: report.synthetic !== null,
    standard: { id: report.standard.id, version: report.standard.version },
    redaction: note ? { records: note.records, since: note.since, zh: note.zh, en: note.en } : null,
    by_analogy: report.by_analogy,
    lacked: lackedParts(month),
  };
}

function byAnalogyOf({ report: { by_analogy: laws } }: Month): Bilingual | null {
  return laws && laws.length > 0 ? sayByAnalogy(laws) : null;
}

/** That a city is invented, and the day by which its records are shown, which is not today's. */
function sayInvented({ pipeline, report }: Month, day: string | undefined): Bilingual | null {
  if (report.synthetic === null || !pipeline.example || day === undefined) return report.synthetic;
  return {
    zh: `${report.synthetic.zh} 演示日期：${day}，记录的公示期按这一天计。`,
    en: `${report.synthetic.en} Demonstration date: ${day}; by this day it is told which records are still published.`,
  };
}
