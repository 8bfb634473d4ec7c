import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sayByAnalogy } from "../publish/cited.ts";
import { nameEdition } from "../publish/edition.ts";
import {
  both,
  escapeHtml,
  figure,
  inkOn,
  over,
  plain,
  signed,
  table,
} from "../publish/html/markup.ts";
import { describeEnd } from "../publish/list-words.ts";
import { writeDay } from "../record/document.ts";
import { none, part, say } from "./bilingual.ts";
import { renderHistory } from "./history-chart.ts";
import type { IssuedCreditReport } from "./issue.ts";
import { renderCommitments, renderRatings, renderWarnings } from "./other-sections.ts";
import type { CreditReport } from "./schema.ts";
import { nameWord } from "./words.ts";

/** So many contributions are shown; the others are in the JSON. */
const MOST_CONTRIBUTIONS = 12;

/** A credit report as one HTML file that needs nothing else: Chinese, with an English switch, and fit for print. */
export function writeCreditReportHtml(
  report: IssuedCreditReport,
  language: "zh" | "en" = "zh",
): string {
  const { identity, period } = report;
  const css = readFileSync(join(import.meta.dirname, "credit-report.css"), "utf8");
  const script = readFileSync(join(import.meta.dirname, "credit-report.js"), "utf8");
  const sections = [
    part("身份", "Identity", renderIdentity(report)),
    part("得分与等次", "Score and grade", renderStanding(report)),
    part("名单与限制", "Lists and restrictions", renderLists(report)),
    part("失信记录", "Dishonesty records", renderRecords(report)),
    part("异议与修复", "Objections and repair", renderEvents(report)),
    part("得分构成", "What the score is made of", renderContributions(report)),
    part("承诺履行", "Commitments", renderCommitments(report)),
    part("风险预警", "Warnings", renderWarnings(report)),
    part("第三方评价", "Third-party ratings", renderRatings(report)),
    part("说明", "Notes", renderNotes(report)),
  ];
  return `<!DOCTYPE html>
<html lang=${language === "zh" ? "zh-CN" : "en"}>
<head>
<meta charset=utf-8>
<meta name=viewport content="width=device-width, initial-scale=1">
<meta name=color-scheme content=light>
<title>${escapeHtml(identity.name.zh)} ${escapeHtml(identity.name.en)} ${escapeHtml(period.id)} 信用报告 Credit report</title>
<style>
${css}</style>
</head>
<body>
<main>
<button type=button id=language>${say("English", "中文")}</button>
${renderHead(report)}
${sections.join("\n")}
${renderSeal(report)}
</main>
<script>
${script}</script>
</body>
</html>
`;
}

function renderHead(report: IssuedCreditReport): string {
  const { identity, period, as_of, standing, audience, document: own } = report;
  const mark = own.synthetic
    ? `<p class=synthetic>${say("合成数据：记录为程序生成，与任何真实机关的表现无关；本报告不具任何效力。", "Synthetic data: the records were generated and say nothing about any real body; this report has no effect.")}</p>
<div class=watermark aria-hidden=true>${`<span>${say("合成数据　不具效力", "SYNTHETIC · NO EFFECT")}</span>`.repeat(3)}</div>`
    : "";
  const heads = [
    [say("报告编号", "Number"), escapeHtml(own.number)],
    [say("出具机关", "Issued by"), both(own.office)],
    [say("出具日期", "Issued on"), both(writeDay(own.issued_on))],
    [say("查询用途", "Purpose of the look-up"), both(own.purpose)],
    [say("出具给", "Issued to"), both(own.addressee)],
  ];
  const told = audience === null ? UNTOLD : nameEdition(audience);
  const edition = audience === "public" ? "" : ` <b class=edition>${both(told)}</b>`;
  const colour = standing?.grade_colour ?? "#5b6775";
  const grade = standing?.grade
    ? `<b style="background:${colour};color:${inkOn(colour)}">${escapeHtml(standing.grade)}</b>`
    : "<b>–</b>";
  return `<header>
<div><p class=kicker>${say("政务信用报告", "Government credit report")}${edition}</p>
<h1>${both(identity.name)}</h1>
<p>${say(`期间：${writeDay(period.starts_on).zh}至${writeDay(period.ends_on).zh}`, `Period ${period.id} (${writeDay(period.starts_on).en} to ${writeDay(period.ends_on).en})`)}　${say(`数据截至${writeDay(as_of.slice(0, 10)).zh}`, `as known on ${writeDay(as_of.slice(0, 10)).en}`)}</p></div>
<div class=grade>${grade}<span>${standing?.score == null ? "–" : figure(standing.score, 1)}</span></div>
</header>
${mark}
<dl class=document>${heads.map(([term, value]) => `<div><dt>${term}<dd>${value}</div>`).join("")}</dl>`;
}

/** The office, the day, and the place where its seal goes. */
function renderSeal({ document: own }: IssuedCreditReport): string {
  return `<div class=signed><p>${both(own.office)}<br>${both(writeDay(own.issued_on))}</p><div class=seal>${say("此处加盖公章", "place of the seal")}</div></div>`;
}

function renderIdentity({ identity }: CreditReport): string {
  const rows = [
    [say("代码", "Code"), escapeHtml(identity.entity_id)],
    [say("层级", "Level"), both(nameWord(identity.level))],
    [say("上级", "Part of"), identity.parent ? both(identity.parent.name) : "–"],
    [say("统一社会信用代码", "Unified social credit code"), escapeHtml(identity.uscc ?? "–")],
    [say("行政区划代码", "Division code"), escapeHtml(identity.division_code ?? "–")],
    ...identity.codes
      .filter(({ code }) => ![identity.uscc, identity.name.zh, identity.name.en].includes(code))
      .map(({ code, scheme, valid_to }) => [
        say(
          `${valid_to ? "曾用" : "另用"}${nameWord(scheme).zh}`,
          `${valid_to ? "Former" : "Other"} ${nameWord(scheme).en}`,
        ),
        `${escapeHtml(code)}${valid_to ? ` <small>${say(`至 ${valid_to}`, `until ${valid_to}`)}</small>` : ""}`,
      ]),
  ];
  return `<dl>${rows.map(([term, value]) => `<div><dt>${term}<dd>${value}</div>`).join("")}</dl>`;
}

function renderStanding(report: CreditReport): string {
  const { standing } = report;
  if (!standing) return none("本期未参评。", "Not scored in this period.");
  const range = standing.rank_range
    ? say(
        `（90% 区间 ${figure(standing.rank_range.low)}–${figure(standing.rank_range.high)}）`,
        ` (90% interval ${figure(standing.rank_range.low)}–${figure(standing.rank_range.high)})`,
      )
    : "";
  const veto = standing.vetoed_by
    ? `<p>${say(`等次限制（${standing.vetoed_by}）：限制前为 ${standing.grade_before_veto ?? "–"}。`, `Vetoed (${standing.vetoed_by}); ${standing.grade_before_veto ?? "–"} before.`)}</p>`
    : "";
  const place =
    standing.rank === null
      ? say("未排名", "not ranked")
      : `${say(`同类 ${standing.ranked_of} 个单位中第 ${standing.rank} 名`, `rank ${standing.rank} of ${standing.ranked_of} peers`)}${range}`;
  return `<p class=lead>${say("得分", "Score")} <b>${standing.score === null ? "–" : figure(standing.score, 2)}</b>　${say("等次", "Grade")} <b>${escapeHtml(standing.grade ?? "–")}</b>${standing.grade_title ? ` ${both(standing.grade_title)}` : ""}　${place}</p>
${veto}<p>${both(standing.reason)}</p>
${renderHistory(report.history)}`;
}

function renderLists({ lists }: CreditReport): string {
  if (lists.length === 0) return none("不在任何名单，未受限制。", "On no list and not restricted.");
  const rows = lists.map(
    (one) =>
      `<tr><th scope=row>${one.kind === "restriction" ? say("限制：", "Restriction: ") : ""}${both(one.title)}<td>${both(one.reason)}${disputed(one.disputed)}<br><small>${both(one.effect)}</small><td class=day>${escapeHtml(one.since)}<td>${both(describeEnd(one))}`,
  );
  return table(
    [
      say("名单", "List"),
      say("原因和效力", "Reason and effect"),
      say("自", "Since"),
      say("至", "Until"),
    ],
    rows,
  );
}

function renderRecords({ records, record_counts }: CreditReport): string {
  if (records.length === 0) {
    return none("没有公示中的失信记录。", "No dishonesty record is under publication.");
  }
  const counts = record_counts.map(({ state, severity, count }) => ({
    zh: `${nameWord(state).zh}${severity === null ? "" : `·${nameWord(severity).zh}`} ${count} 条`,
    en: `${nameWord(state).en}${severity === null ? "" : `, ${nameWord(severity).en}`}: ${count}`,
  }));
  const summary = both({
    zh: counts.map(({ zh }) => zh).join("；"),
    en: counts.map(({ en }) => en).join("; "),
  });
  const rows = records.map(
    (one) =>
      `<tr><th scope=row>${documentOf(one)}<td>${one.severity === null ? "" : `${both(nameWord(one.severity))}${say("", ", ")}`}${both(nameWord(one.record_type))}<td class=day>${day(one.decided_on)}<td>${both(nameWord(one.state))}${one.state === "disputed" ? "" : disputed(one.disputed)}${one.repair_state ? `<br><small>${both(nameWord(one.repair_state))}</small>` : ""}<td class=day>${day(one.publication_ends_on)}${one.publication_basis ? `<br><small>${both(one.publication_basis)}</small>` : ""}`,
  );
  return `<p>${summary}</p>${table([say("文号", "Document"), say("类别", "Kind"), say("认定", "Decided"), say("状态", "State"), say("公示至", "Published until")], rows)}`;
}

/** A record is named by its document, as everywhere outside the office; its key is for the office's own files. */
function documentOf({ document_no }: { readonly document_no: string | null }): string {
  return document_no === null
    ? say("（无文书号）", "(no document number)")
    : escapeHtml(document_no);
}

/** Of a month published before there were editions, or a rendering without its report. */
const UNTOLD = {
  zh: "该期未载明供谁阅读",
  en: "The month does not say for whom it is",
};

/** A day as documents write it. */
function day(iso: string | null): string {
  return iso === null ? "–" : both(writeDay(iso));
}

function disputed(is: boolean): string {
  return is ? ` <mark>${say("异议中", "disputed")}</mark>` : "";
}

function renderEvents({ record_events, records }: CreditReport): string {
  const filed = records.filter(({ objection_filed_on }) => objection_filed_on !== null);
  if (record_events.length === 0 && filed.length === 0) {
    return none("没有异议和修复事项。", "No objections and no repairs.");
  }
  const documents = new Map(records.map((one) => [one.record_key, documentOf(one)]));
  // Every part but the day is markup already.
  const rows = [
    ...record_events.map((one) => ({
      on: one.occurred_at.slice(0, 10),
      record: documents.get(one.record_key) ?? documentOf({ document_no: null }),
      what: both(nameWord(one.event)),
      by: one.actor ? both(one.actor) : "–",
      document: escapeHtml(one.document_no ?? "–"),
    })),
    // What the source itself says of objections, where no events were handed in.
    ...filed
      .filter(({ record_key }) => !record_events.some((one) => one.record_key === record_key))
      .map((one) => ({
        on: one.objection_filed_on as string,
        record: documentOf(one),
        what: one.objection_answered_on
          ? say(
              `提出异议，${writeDay(one.objection_answered_on).zh}答复`,
              `objection filed, answered on ${writeDay(one.objection_answered_on).en}`,
            )
          : say("提出异议，尚未答复", "objection filed, not yet answered"),
        by: "–",
        document: "–",
      })),
  ].toSorted((a, b) => (a.on < b.on ? -1 : 1));
  return table(
    [
      say("日期", "Day"),
      say("记录", "Record"),
      say("事项", "What"),
      say("办理机关", "Office"),
      say("文号", "Document"),
    ],
    rows.map(
      (row) =>
        `<tr><td class=day>${day(row.on)}<th scope=row>${row.record}<td>${row.what}<td>${row.by}<td>${row.document}`,
    ),
  );
}

function renderContributions({ contributions }: CreditReport): string {
  if (contributions.length === 0) return none("没有得分。", "There is no score.");
  const shown = [
    ...contributions.filter(({ kind }) => kind !== "indicator"),
    ...contributions.filter(({ kind }) => kind === "indicator"),
  ];
  const own = shown.slice(0, MOST_CONTRIBUTIONS);
  const others = shown.slice(MOST_CONTRIBUTIONS);
  const sum = (list: typeof shown) => list.reduce((total, { points }) => total + points, 0);
  const rows = own.map(
    (one) =>
      `<tr><th scope=row>${both(one.title)}<td>${both(nameWord(one.kind))}<td class=n>${one.value === null ? "–" : plain(one.value)}${one.unit && one.value !== null ? `${one.unit.zh === "%" ? "" : " "}${both(one.unit)}` : ""}<td class=n>${signed(one.points, 2)}<td class=n>${one.points_previous === null ? "–" : signed(one.points_previous, 2)}`,
  );
  if (others.length > 0) {
    rows.push(
      `<tr><th scope=row>${say(`其余 ${others.length} 项`, `${others.length} others`)}<td><td><td class=n>${signed(sum(others), 2)}<td>`,
    );
  }
  rows.push(
    `<tr class=total><th scope=row>${say("合计", "Total")}<td><td><td class=n>${figure(sum(shown), 2)}<td>`,
  );
  return table(
    [
      say("项目", "Item"),
      say("种类", "Kind"),
      over(say("指标值", "Value")),
      over(say("分", "Points")),
      over(say("上期", "Before")),
    ],
    rows,
  );
}

function renderNotes({ run, standard, pipeline, by_analogy: laws }: CreditReport): string {
  const byAnalogy = laws && laws.length > 0 ? `<li>${both(sayByAnalogy(laws))}\n` : "";
  return `<ul class=notes>
${byAnalogy}<li>${say("本报告只评价机关，不评价个人；只列公示期内的记录。线索和投诉不是失信记录。", "This report is about a public body, never a person, and shows records under publication only. Leads and complaints are no records.")}
<li>${say("对记录有异议的，可向认定机关提出；异议处理期间记录旁标注“异议中”。", "Objections go to the body that confirmed the record; it is marked as disputed meanwhile.")}
<li>${say(`评价标准：${standard.title?.zh ?? standard.id}，版本 ${standard.version}；流程 ${pipeline}，运行 ${run}。同一期数据生成的报告逐字节相同，可用 zhengxin verify 复核。`, `Standard: ${standard.title?.en ?? standard.id}, version ${standard.version}; pipeline ${pipeline}, run ${run}. The same published period gives the same report byte for byte; zhengxin verify proves the period.`)}
</ul>`;
}
