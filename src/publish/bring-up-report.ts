import type { PublishedReport } from "./json.ts";

type Level = PublishedReport["levels"][number];
type Body = Level["peer_classes"][number]["bodies"][number];
/** A report as some program wrote it: parts that came later may be missing. */
type OlderBody = Omit<Body, "rank_range" | "indicators" | "records"> & {
  readonly rank_range?: Body["rank_range"];
  readonly indicators: readonly (Partial<Later<Body["indicators"][number]>> &
    Omit<Body["indicators"][number], keyof Later<Body["indicators"][number]>>)[];
  readonly records: readonly (Omit<Body["records"][number], "disputed"> & {
    readonly disputed?: boolean;
  })[];
};
type Later<T> = Pick<T, Extract<keyof T, "shrunk_value" | "undelivered">>;
type Check = PublishedReport["checks"][number];
type Coverage = PublishedReport["coverage"][number];
type Parts =
  | "audience"
  | "not_public"
  | "by_analogy"
  | "fetching"
  | "warnings"
  | "debt_limits"
  | "lists"
  | "sensitivities"
  | "replications";
export type OlderReport = Omit<PublishedReport, Parts | "levels" | "checks" | "coverage"> &
  Partial<Pick<PublishedReport, Parts>> & {
    readonly levels: readonly (Omit<Level, "peer_classes"> & {
      readonly peer_classes: readonly (Omit<Level["peer_classes"][number], "bodies"> & {
        readonly bodies: readonly OlderBody[];
      })[];
    })[];
    readonly checks: readonly (Omit<Check, "title"> & { readonly title?: Check["title"] })[];
    readonly coverage: readonly (Omit<Coverage, "undelivered"> & {
      readonly undelivered?: number;
    })[];
  };

/**
 * Brings the report of a month of an older layout up to today's: what the program of then did not work out is there without
 * content, as null where a figure would stand.
 */
export function bringUpReport(read: OlderReport): PublishedReport {
  return {
    ...read,
    audience: read.audience ?? "public",
    not_public: read.not_public ?? { indicators: 0, warnings: 0, lists: 0 },
    levels: read.levels.map((level) => ({
      ...level,
      peer_classes: level.peer_classes.map((peers) => ({
        ...peers,
        bodies: peers.bodies.map(bringUpBody),
      })),
    })),
    checks: read.checks.map((check) => ({
      ...check,
      title: check.title ?? { zh: check.check_id, en: check.check_id },
    })),
    by_analogy: read.by_analogy ?? null,
    fetching: read.fetching ?? null,
    warnings: read.warnings ?? [],
    debt_limits: read.debt_limits ?? [],
    lists: read.lists ?? [],
    sensitivities: read.sensitivities ?? [],
    replications: read.replications ?? [],
    coverage: read.coverage.map((row) => ({ ...row, undelivered: row.undelivered ?? 0 })),
  };
}

function bringUpBody(body: OlderBody): Body {
  return {
    ...body,
    rank_range: body.rank_range ?? null,
    indicators: body.indicators.map((value) => ({
      ...value,
      shrunk_value: value.shrunk_value ?? null,
      undelivered: value.undelivered ?? 0,
    })),
    records: body.records.map((record) => ({ ...record, disputed: record.disputed ?? false })),
  };
}
