import type { Context } from "../context.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { Finding, Result } from "./results.ts";
import type { SourceStateName } from "./source-state.ts";

const sql = sqlFile(import.meta.dirname, "check.sql");

/** Something for whoever runs the system to look at. */
interface Alert {
  readonly kind: "absent" | "failed" | "silent" | "late" | "small" | "unfetched";
  readonly severity: "critical" | "warning";
  readonly since: string | null;
  readonly observed: string | null;
  readonly expected: string | null;
  readonly zh: string;
  readonly en: string;
}

/** What was found out about a source. */
interface Judged {
  readonly state: SourceStateName;
  readonly zh: string | null;
  readonly en: string | null;
  readonly newestKnown: string | null;
  readonly results: readonly Result[];
  readonly found: readonly Finding[];
}

/**
 * Raises the operations alerts of a source: writes them down for the run and logs them, before anything is measured.
 * The key of an alert stays the same while the trouble does.
 */
export async function raiseAlerts(
  context: Context,
  source: SourceDefinition,
  judged: Judged,
): Promise<void> {
  const { store, runId, log } = context;
  const alerts = [...listAlerts(judged), ...(await listFetchAlerts(context, source))];
  for (const { kind, severity, since, observed, expected, zh, en } of alerts) {
    const key = [source.source, kind, since ?? ""].join(":");
    await store.run(sql("note-alert"), {
      run_id: runId,
      alert_key: key,
      kind,
      severity,
      source_id: source.source,
      since,
      observed,
      expected,
      message_zh: `${source.title.zh}：${zh}`,
      message_en: `${source.title.en}: ${en}`,
    });
    log.warn({ run: runId, source: source.source, alert: key, kind, severity, since }, en);
  }
}

function listAlerts({ state, zh, en, newestKnown, results, found }: Judged): Alert[] {
  const alerts: Alert[] = [];
  if (state === "absent" || state === "failed") {
    alerts.push({
      kind: state,
      severity: "critical",
      since: null,
      observed: null,
      expected: null,
      zh: zh ?? "",
      en: en ?? "",
    });
  }
  for (const finding of found.filter(({ passed }) => !passed)) {
    const silent = finding.checkId === "silence";
    alerts.push({
      ...finding,
      kind: silent ? "silent" : "small",
      severity: silent ? "critical" : "warning",
    });
  }
  const late = results.find(({ checkId, passed }) => checkId === "freshness" && !passed);
  if (late) {
    const since = newestKnown?.slice(0, 10) ?? null;
    alerts.push({ ...late, kind: "late", severity: "warning", since });
  }
  return alerts;
}

/** A source that could not be fetched for this run. */
async function listFetchAlerts(
  { store, runId }: Context,
  source: SourceDefinition,
): Promise<Alert[]> {
  const failing = await store.rows<{
    since: string;
    failures: number;
    message_zh: string;
    message_en: string;
  }>(sql("failing-pull"), { source: source.source, run_id: runId });
  return failing.map(({ since, failures, message_zh, message_en }) => ({
    kind: "unfetched",
    severity: "critical",
    since,
    observed: String(failures),
    expected: "0",
    zh: `自 ${since} 起连续 ${failures} 次未能取得数据。${message_zh}`,
    en: `It could not be fetched ${failures} times in a row, since ${since}. ${message_en}`,
  }));
}
