import { extname } from "node:path";
import { Option } from "commander";
import { appendAudit } from "../audit/append.ts";
import { writeCreditReportHtml } from "../credit-report/html.ts";
import {
  type IssuedCreditReport,
  issueCreditReport,
  PURPOSE_CODES,
  type Purpose,
} from "../credit-report/issue.ts";
import { findBrowser, printPdf } from "../credit-report/pdf.ts";
import { readBodyName, readCreditReport } from "../credit-report/read-credit-report.ts";
import { findPipeline } from "../standard/workspace.ts";
import { writeWhole } from "../write-whole.ts";
import { choosePipeline } from "./choose-pipeline.ts";
import {
  act,
  asOfOption,
  type CommonOptions,
  configFor,
  makeCommand,
  periodOption,
} from "./command.ts";
import { findShown } from "./show-published.ts";
import { bothNames, printResult } from "./terminal.ts";

interface ReportOptions extends CommonOptions {
  readonly pipeline?: string;
  readonly out?: string;
  readonly language: "zh" | "en";
  readonly purpose: Purpose;
  readonly for?: string;
}

/** `zhengxin credit-report`: everything published of a body, for approvals, procurement, tenders and funds. */
export function creditReportCommand() {
  return makeCommand("credit-report", "Write the credit report of a body as HTML, PDF or JSON.", [
    "credit-report 370215 --period 2018-12 --out jimo.html",
    "credit-report 即墨区 --out jimo.pdf --purpose procurement --for 市财政局",
    "credit-report 370215 --json",
  ])
    .argument("<entity>", "code or name, Chinese or English")
    .option("--pipeline <pipeline>", "name of a file in pipelines/")
    .addOption(periodOption())
    .addOption(asOfOption())
    .option("--out <file>", "file to write; its ending says what: .html, .pdf or .json")
    .addOption(
      new Option("--language <language>", "language a PDF is in and a page opens in")
        .choices(["zh", "en"])
        .default("zh"),
    )
    .addOption(
      new Option("--purpose <purpose>", "what the report is asked for, as it says itself")
        .choices(PURPOSE_CODES)
        .default("file"),
    )
    .option("--for <body>", "body the report goes to; default: the issuing office's own files")
    .action(
      act(async (entity: string, options: ReportOptions) => {
        const config = configFor(options);
        const ending = options.out === undefined ? ".json" : extname(options.out);
        if (![".html", ".pdf", ".json"].includes(ending)) {
          throw new Error(`"${options.out}" should end in .html, .pdf or .json.`);
        }
        const browser = ending === ".pdf" ? findBrowser(config) : "";
        const pipeline = findPipeline(
          config.workspace,
          choosePipeline(config.workspace, options.pipeline),
        );
        const { folder, day: today } = await findShown(config, pipeline, options);
        const { memory, threads } = config;
        const read = await readCreditReport(folder, entity, { memory, threads, today });
        const addressee = options.for
          ? await readBodyName(folder, options.for, { memory, threads })
          : undefined;
        const { purpose } = options;
        const report = issueCreditReport(read, pipeline, { issued_on: today, purpose, addressee });
        await appendAudit(config, {
          jurisdiction: pipeline.jurisdiction,
          action: "credit-report.read",
          target: report.identity.entity_id,
          detail: {
            period: report.period.id,
            run: report.run,
            form: ending.slice(1),
            purpose,
            number: report.document.number,
          },
        });
        if (options.out) {
          const html = writeCreditReportHtml(report, options.language);
          const content = {
            ".html": () => html,
            ".json": () => `${JSON.stringify(report, null, 1)}\n`,
            ".pdf": () => printPdf(browser, html, report.as_of),
          }[ending as ".html" | ".pdf" | ".json"];
          writeWhole(options.out, await content());
        }
        printResult(options.json, report, describeReport(report, options.out));
        return undefined;
      }),
    );
}

function describeReport(report: IssuedCreditReport, out: string | undefined): string {
  const { identity, standing, period, as_of, records, lists } = report;
  return [
    report.document.number,
    `${identity.entity_id} ${bothNames(identity.name.zh, identity.name.en)}   ${period.id}, as of ${as_of}`,
    standing
      ? `得分 score ${standing.score?.toFixed(2) ?? "–"}   等次 grade ${standing.grade ?? "–"}   名次 rank ${standing.rank ?? "–"}/${standing.ranked_of ?? "–"}`
      : "本期未参评 not scored in this period",
    `记录 records ${records.length}   名单与限制 lists and restrictions ${lists.length}`,
    ...lists.map(
      ({ title, reason }) =>
        `  ${bothNames(title.zh, title.en)}\n    ${reason.zh}\n    ${reason.en}`,
    ),
    ...(out ? [out] : []),
  ].join("\n");
}
