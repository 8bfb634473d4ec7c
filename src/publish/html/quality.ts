import { describeFailedPulls, describeFetching } from "../fetching.ts";
import type { CheckResult, Report } from "../report.ts";
import { nameCode, nameReason } from "../words.ts";
import { both, escapeHtml, figure, over, say, section, table } from "./markup.ts";

/** What the sources gave, what was set aside and why, the checks, and how far each indicator reaches. */
export function renderQuality(report: Report): string {
  return section(
    "quality",
    "quality",
    [
      renderAlerts(report),
      renderFetching(report),
      renderSources(report),
      renderRefused(report),
      renderQuarantine(report),
      renderChecks(report),
      renderCoverage(report),
    ].join("\n"),
  );
}

/** Checks whose failure is for those who run the system: a source that is late, silent, too small or contradicts itself. */
const OPERATIONS = new Set([
  "freshness",
  "silence",
  "volume",
  "delivery-empty",
  "contradictions",
  "bodies-twice",
  "numbers-alike",
]);

/** What to look into before the ranking is trusted: sources that bring nothing, or less or later than they should. */
function renderAlerts(report: Report): string {
  const lines = [
    ...report.sources
      .filter(({ state }) => state === "absent" || state === "failed")
      .map(({ source_id, message_zh, message_en }) => ({ source_id, message_zh, message_en })),
    ...report.checks.filter(({ check_id, passed }) => !passed && OPERATIONS.has(check_id)),
  ];
  if (lines.length === 0) return "";
  const rows = lines.map(
    ({ source_id, message_zh, message_en }) =>
      `<tr><th scope=row>${titleOfSource(report, source_id ?? "")}<td>${both({ zh: message_zh ?? "", en: message_en ?? "" })}`,
  );
  return table([say("source"), say("remark")], rows, {
    className: "alerts",
    caption: say("operationsAlerts"),
  });
}

function titleOfSource({ context }: Report, id: string): string {
  const source = context.sources.find((one) => one.source === id);
  return source ? both(source.title) : escapeHtml(id);
}

function renderFetching(report: Report): string {
  const failed = describeFailedPulls(report).map((sentence) => `<li>${both(sentence)}`);
  const list = failed.length > 0 ? `<ul>${failed.join("")}</ul>` : "";
  return `<p>${both(describeFetching(report))}</p>${list}`;
}

function renderSources(report: Report): string {
  const rows = report.sources.map((source) => {
    const remark = { zh: source.message_zh ?? "", en: source.message_en ?? "" };
    return `<tr><th scope=row>${titleOfSource(report, source.source_id)} <code>${escapeHtml(source.source_id)}</code><td><span class="state s-${escapeHtml(source.state)}">${both(nameCode(source.state))}</span>${[source.files, source.rows_received, source.rows_loaded, source.rows_quarantined, source.rows_refused, source.rows_duplicate, source.rows_corrected, source.rows_flagged].map((count) => `<td class=n>${figure(count)}`).join("")}<td class=day>${escapeHtml(source.newest_valid ?? "–")}<td>${both(remark)}`;
  });
  const counts = [
    "files",
    "received",
    "loaded",
    "quarantined",
    "inRefusedFiles",
    "duplicates",
    "corrected",
    "flagged",
  ] as const;
  const head = [
    say("source"),
    say("state"),
    ...counts.map((key) => over(say(key))),
    say("newest"),
    say("remark"),
  ];
  return table(head, rows, { className: "sources", caption: say("sources") });
}

function renderRefused({ files }: Report): string {
  const refused = files.filter((file) => file.refused);
  if (refused.length === 0) return "";
  const rows = refused.map(
    (file) =>
      `<tr><th scope=row>${escapeHtml(file.source_id)}/${escapeHtml(file.file_name)}<td>${escapeHtml(file.refused_because ?? "")}`,
  );
  return table([say("file"), say("reason")], rows, { caption: say("refusedFiles") });
}

function renderQuarantine(report: Report): string {
  if (report.quarantine.length === 0) return `<p>${say("quarantine")}: ${say("none")}</p>`;
  const rows = report.quarantine.map(
    ({ source_id, reason, column_name, row_count, in_refused_file }) =>
      `<tr><th scope=row>${titleOfSource(report, source_id)}<td>${both(nameReason(reason))}${in_refused_file ? ` (${say("inRefusedFiles")})` : ""}<td>${escapeHtml(column_name ?? "–")}<td class=n>${figure(row_count)}`,
  );
  return table([say("source"), say("reason"), say("column"), over(say("rows"))], rows, {
    caption: say("quarantine"),
  });
}

function renderChecks(report: Report): string {
  const { checks } = report;
  const failed = checks.filter(({ passed }) => !passed);
  const passed = checks.filter((check) => check.passed);
  const sentence = `<p>${say("checksSentence", { total: checks.length, passed: passed.length, failed: failed.length })}</p>`;
  const list = (some: readonly CheckResult[]) =>
    table(
      [
        say("check"),
        say("source"),
        say("severity"),
        over(say("failing")),
        say("observed"),
        say("expected"),
        say("remark"),
      ],
      some.map(
        (check) =>
          `<tr><th scope=row>${both(check.title)} <code>${escapeHtml(check.check_id)}</code><td>${check.source_id === null ? "–" : titleOfSource(report, check.source_id)}<td>${both(nameCode(check.severity))}<td class=n>${figure(check.failing_rows)}<td>${escapeHtml(check.observed ?? "–")}<td>${escapeHtml(check.expected ?? "–")}<td>${both({ zh: check.message_zh, en: check.message_en })}`,
      ),
      { className: "checks" },
    );
  return `<h3>${say("checks")}</h3>${sentence}${failed.length > 0 ? list(failed) : ""}${passed.length > 0 ? `<details class=fold><summary>${say("passedChecks")} (${passed.length})</summary>${list(passed)}</details>` : ""}`;
}

function renderCoverage(report: Report): string {
  const cells = new Map(report.coverage.map((row) => [`${row.indicator} ${row.level}`, row]));
  const ids = [...new Set(report.coverage.map(({ indicator }) => indicator))];
  const rows = ids.map((id) => {
    const counts = report.levels.map(({ level }) => {
      const row = cells.get(`${id} ${level}`);
      if (!row) return "<td class=n>";
      const className = row.assessed === 0 ? "n bad" : row.assessed < row.bodies ? "n part" : "n";
      return `<td class="${className}">${row.assessed} / ${row.bodies}`;
    });
    return `<tr><th scope=row>${both(report.titles.get(id) ?? { zh: id, en: id })} <code>${escapeHtml(id)}</code>${counts.join("")}`;
  });
  return `<h3>${say("indicatorCoverage")}</h3><p class=note>${say("indicatorCoverageNote")}</p>${table([say("indicator"), ...report.levels.map(({ name }) => over(both(name)))], rows, { className: "coverage" })}`;
}
