import { html } from "hono/html";
import { z } from "zod";
import { readManifest } from "../../publish/manifest.ts";
import type { Markup } from "../page/layout.ts";
import { PAGE_TEXTS } from "../page/texts.ts";
import { definePage, type PageView } from "./define-page.ts";
import { drawTable, figure, panel, speaker } from "./parts.ts";

const data = z.object({
  months: z
    .array(
      z.object({
        period: z.string(),
        run: z.string(),
        in_force: z.boolean(),
        left_out: z
          .number()
          .nullable()
          .describe("records that are shown no more and are left out of the files"),
        ready: z
          .boolean()
          .describe("false while the files are made anew without records that are shown no more"),
        as_of: z.string(),
        standard: z.object({ id: z.string(), version: z.string(), sha256: z.string() }),
        code: z.object({ version: z.string(), sha256: z.string() }),
        inputs: z.number(),
        folder: z.string().describe("address of the files, to be followed by a path"),
        files: z.array(
          z.object({
            path: z.string(),
            bytes: z.number().nullable(),
            sha256: z.string().nullable(),
          }),
        ),
      }),
    )
    .describe("newest period first"),
  damaged: z
    .array(z.object({ period: z.string(), run: z.string() }))
    .describe("published runs whose manifest is damaged, so that they cannot be shown"),
});
type Months = z.infer<typeof data>;
type PublishedMonth = Months["months"][number];
type View = PageView<Months>;

export const monthsPage = definePage({
  name: "months",
  rest: "none",
  summary: {
    zh: "已发布的期次、清单与下载",
    en: "Published periods with manifests and downloads",
  },
  query: z.object({}),
  data,
  passing: true,
  async read({ around: { served, look } }) {
    const { pipeline } = served.definition;
    const shown = await Promise.all(
      served.runs.toReversed().map(async (run) => ({ run, shown: await look(served, run) })),
    );
    return {
      months: shown.map(({ run: { period, run, asOf, latest, folder }, shown: own }) => {
        const manifest = readManifest(own?.folder ?? folder);
        return {
          period,
          run,
          in_force: latest,
          as_of: asOf,
          left_out: own?.records ?? null,
          ready: own !== undefined,
          standard: manifest.standard,
          code: manifest.code,
          inputs: manifest.inputs.length,
          folder: `/published/${pipeline}/${period}/${run}/`,
          // The sums of what is being made are not known yet.
          files: (own ? manifest.outputs : []).map(({ path, bytes, sha256 }) => ({
            path,
            bytes: bytes ?? null,
            sha256: sha256 ?? null,
          })),
        };
      }),
      damaged: served.damaged.map(({ period, run }) => ({ period, run })),
    };
  },
  toCsv: ({ months }) => ({
    columns: ["period", "run", "in_force", "as_of", "path", "bytes", "sha256", "address"],
    rows: months.flatMap(({ files, folder, period, run, in_force, as_of }) =>
      files.map((file) => ({
        ...file,
        period,
        run,
        in_force,
        as_of,
        address: `${folder}${file.path}`,
      })),
    ),
  }),
  draw(view) {
    const say = speaker(view.language);
    return {
      title: { zh: "已发布的期次", en: "Published periods" },
      entry: "months",
      main: html`<p>${say("monthsNote")}</p>
${view.data.months.map((month, at) => drawMonth(view, month, at === 0))}`,
    };
  },
});

const REPORTS = [
  ["report.html", "report"],
  ["ranking.xlsx", "workbook"],
  ["ranking.csv", "ranking"],
  ["published.duckdb", "database"],
] as const;

function drawMonth({ language, month: shown }: View, own: PublishedMonth, open: boolean): Markup {
  const say = speaker(language);
  const { pipeline } = shown.pipeline;
  const here = `/${pipeline}/?period=${own.period}&run=${own.run}`;
  const pairs: [string, Markup | string][] = [
    [say("asOf"), own.as_of],
    [say("run"), html`<code>${own.run}</code>`],
    [say("standard"), `${own.standard.id} ${own.standard.version}`],
    [say("files"), figure(own.inputs)],
  ];
  const sums = new Map(own.files.map((file) => [file.path, file]));
  const tables = own.files.flatMap(({ path }) => /^data\/(\w+)\.parquet$/.exec(path)?.[1] ?? []);
  return panel(
    `m-${own.period}-${own.run}`,
    own.period,
    html`<dl class="facts">${pairs.map(
      ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`,
    )}</dl>
${own.left_out ? html`<p class="note">${figure(own.left_out)} ${say("monthLeftOut")}</p>` : ""}
${own.ready ? "" : html`<p class="note" role="status">${PAGE_TEXTS.monthInMaking[language]}</p>`}
<p${own.ready ? "" : html` hidden`}>${say("downloads")}${language === "zh" ? "：" : ": "}${REPORTS.filter(
      ([path]) => sums.has(path),
    ).map(
      ([path, key]) =>
        html`<a href="${own.folder}${path}">${say(key)}</a> <small>${sizeOf(sums.get(path)?.bytes)}</small> · `,
    )}<a href="${own.folder}manifest.json">${say("manifest")}</a></p>
<details${own.ready ? "" : html` hidden`}${open ? html` open` : ""}><summary>${say("tableFiles")}</summary>${drawTable(
      {
        head: [say("tableFiles"), "Parquet", "Arrow"],
        rows: tables.map(
          (name) =>
            html`<tr><th scope="row">${name}</th>${["parquet", "arrow"].map((form) => {
              const path = `data/${name}.${form}`;
              return html`<td><a href="${own.folder}${path}">${name}.${form}</a> <small>${sizeOf(sums.get(path)?.bytes)}</small></td>`;
            })}</tr>
`,
        ),
      },
    )}</details>`,
    html`${own.in_force ? say("inForce") : say("earlierRun")} · <a href="${here}">${say("show")}</a>`,
  );
}

const KILO = 1024;

function sizeOf(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return "";
  return bytes < KILO * KILO
    ? `${figure(bytes / KILO, 1)} KB`
    : `${figure(bytes / KILO / KILO, 1)} MB`;
}
