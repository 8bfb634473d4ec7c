import type { Context } from "../context.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { Finding, Result } from "./results.ts";
import type { FailedFetch } from "./source-counts.ts";
import type { SourceStateName } from "./source-state.ts";

const sql = sqlFile(import.meta.dirname, "check.sql");

/** Something for whoever runs the system to look at, as checks.operations_alert holds it. */
export interface OperationsAlert {
  /** Stays the same while the trouble does. */
  readonly alert_key: string;
  readonly kind: Alert["kind"];
  readonly severity: Alert["severity"];
  readonly source_id: string;
  readonly since: string | null;
  readonly observed: string | null;
  readonly expected: string | null;
  readonly message_zh: string;
  readonly message_en: string;
}

interface Alert {
  readonly kind:
    | "absent"
    | "failed"
    | "silent"
    | "late"
    | "small"
    | "contradictory"
    | "unfetched"
    | "gone"
    | "vanished";
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
  /** Day or time of the newest data, as the source's freshness goes by it. */
  readonly newest: string | null;
  readonly results: readonly Result[];
  readonly found: readonly Finding[];
  readonly failedFetch: FailedFetch | undefined;
}

/** Writes the operations alerts of a run down and logs them, before anything is measured. */
export async function raiseAlerts(
  { store, runId, log }: Context,
  alerts: readonly OperationsAlert[],
): Promise<void> {
  if (alerts.length === 0) return;
  await store.run(sql("note-alerts"), { run_id: runId, rows: JSON.stringify(alerts) });
  for (const { alert_key, kind, severity, source_id, since, message_en } of alerts) {
    log.warn(
      { run: runId, source: source_id, alert: alert_key, kind, severity, since },
      message_en,
    );
  }
}

/** The operations alerts of a source. */
export function listAlerts({ source, title }: SourceDefinition, judged: Judged): OperationsAlert[] {
  // That nothing was ever received says it all.
  const unfetched = judged.state === "absent" ? [] : listFailedFetch(judged.failedFetch);
  return [...listFound(judged), ...unfetched].map(
    ({ zh, en, kind, severity, since, observed, expected }) => ({
      alert_key: [source, kind, since ?? ""].join(":"),
      kind,
      severity,
      source_id: source,
      since,
      observed,
      expected,
      message_zh: `${title.zh}：${zh}`,
      message_en: `${title.en}: ${en}`,
    }),
  );
}

const ALERT_OF_CHECK: Readonly<Record<string, Pick<Alert, "kind" | "severity">>> = {
  silence: { kind: "silent", severity: "critical" },
  volume: { kind: "small", severity: "warning" },
  "delivery-empty": { kind: "small", severity: "critical" },
  contradictions: { kind: "contradictory", severity: "warning" },
  "numbers-alike": { kind: "contradictory", severity: "warning" },
  "bodies-twice": { kind: "contradictory", severity: "warning" },
  "files-gone": { kind: "gone", severity: "warning" },
  "files-vanished": { kind: "vanished", severity: "critical" },
};

function listFound({ state, zh, en, newest, results, found }: Judged): Alert[] {
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
    const alert = ALERT_OF_CHECK[finding.checkId];
    if (alert) alerts.push({ ...finding, ...alert });
  }
  const late = results.find(({ checkId, passed }) => checkId === "freshness" && !passed);
  if (late) {
    const since = newest?.slice(0, 10) ?? null;
    alerts.push({ ...late, kind: "late", severity: "warning", since });
  }
  return alerts;
}

/** A source that could not be fetched for this run. */
function listFailedFetch(failed: FailedFetch | undefined): Alert[] {
  if (!failed || failed.failures === 0) return [];
  const { since, failures, zh, en } = failed;
  return [
    {
      kind: "unfetched",
      severity: "critical",
      since,
      observed: String(failures),
      expected: "0",
      zh: `自 ${since} 起连续 ${failures} 次未能取得数据。${zh}`,
      en: `It could not be fetched ${failures} times in a row, since ${since}. ${en}`,
    },
  ];
}
