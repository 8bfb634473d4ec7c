import type { Context } from "../context.ts";
import type { Bilingual } from "../standard/bilingual.ts";
import type { Edition } from "./edition.ts";
import type { ListReport } from "./list-report.ts";
import type { WarningReport } from "./warning-report.ts";

export type { Bilingual };

export interface Body {
  readonly id: string;
  readonly level: string;
  readonly peerClass: string;
  readonly kind: string | null;
  readonly name: Bilingual;
  readonly parent: string | null;
}

/** A body's place in its peer class. Scores are points, coverage a share of 0 to 1. */
export interface Standing {
  readonly body: Body;
  readonly level: string;
  readonly peerClass: string;
  readonly ranked: boolean;
  readonly score: number | null;
  readonly rank: number | null;
  readonly rankedOf: number | null;
  readonly grade: string | null;
  readonly gradeBeforeVeto: string | null;
  readonly vetoedBy: string | null;
  readonly coverage: number;
  readonly scorePrevious: number | null;
  readonly rankPrevious: number | null;
  readonly scoreLastYear: number | null;
  readonly rankLastYear: number | null;
  readonly reason: Bilingual;
  /** Scores of all periods, oldest first, null where there is none. */
  readonly history: readonly (number | null)[];
  readonly nodes: ReadonlyMap<string, NodeScore>;
  readonly values: ReadonlyMap<string, Value>;
  readonly contributions: readonly Contribution[];
  /** By indicator, the categories that took points, the costliest first. */
  readonly categories: ReadonlyMap<string, readonly CategoryPoints[]>;
  /** Single records behind deductions, bonuses and vetoes. */
  readonly records: readonly RecordLine[];
  /** Null without a rank, or where the standard says nothing of uncertainty. */
  readonly range: RankRange | null;
}

/** What replications make of a body's rank; probabilities are shares of 0 to 1. */
export interface RankRange {
  readonly median: number;
  /** 5 % and 95 % quantiles. */
  readonly low: number;
  readonly high: number;
  readonly topThree: number;
  readonly bottomThree: number;
  /** Of being above the next in the ranking; null for the last. */
  readonly aboveNext: number | null;
  /** The interval with only the counts, and with only weights and methods varied. */
  readonly data: Interval | null;
  readonly choices: Interval | null;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** How much of the mean shift of a peer class's ranks hangs on one factor. */
export interface FactorShare {
  readonly level: string;
  readonly peerClass: string;
  readonly factor: string;
  readonly firstOrder: number | null;
  readonly total: number | null;
}

/** Probability that a body is above another, which stands below it in the ranking. */
export interface PairChance {
  readonly level: string;
  readonly peerClass: string;
  readonly body: string;
  readonly other: string;
  readonly above: number;
}

/** How many replications came to what. */
export interface ReplicationCount {
  readonly level: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly replications: number;
}

export interface NodeScore {
  readonly id: string;
  readonly nodeLevel: string;
  readonly state: string;
  readonly score: number | null;
  readonly rawValue: number | null;
  readonly nominalWeight: number | null;
  readonly effectiveWeight: number | null;
  readonly coverage: number | null;
}

export interface Value {
  readonly indicator: string;
  readonly state: string;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly value: number | null;
  readonly sampleSize: number;
  readonly excluded: number;
  /** Left out because the file lacks a column that the indicator needs. */
  readonly undelivered: number;
  /** The value that was scored instead, where the standard shrinks it. */
  readonly shrunk: number | null;
}

export interface CategoryPoints {
  readonly category: string;
  readonly points: number;
}

export interface Contribution {
  readonly kind: string;
  readonly node: string;
  readonly points: number;
  /** Points in the previous period; null when it had none. */
  readonly before: number | null;
}

export interface RecordLine {
  readonly kind: "deduction" | "bonus" | "veto";
  readonly rule: string;
  readonly record: string;
  readonly occurredOn: string | null;
  /** Null for a veto, which caps the grade and takes no points. */
  readonly points: number | null;
  /** An objection to it is open. */
  readonly disputed: boolean;
  readonly place: string;
}

export interface StandardNode {
  readonly level: string;
  readonly id: string;
  readonly nodeLevel: string;
  readonly parent: string | null;
  readonly title: Bilingual;
  readonly clause: string | null;
  /** Points. */
  readonly weight: number;
  readonly normalisation: string | null;
  readonly aggregation: string | null;
  readonly source: Bilingual | null;
  readonly assumption: boolean;
}

export interface Rule {
  readonly kind: "deduction" | "bonus" | "veto";
  readonly id: string;
  readonly title: Bilingual;
  readonly indicator: string;
  readonly terms: Readonly<Record<string, unknown>>;
  readonly source: Bilingual | null;
  readonly assumption: boolean;
}

export interface Coverage {
  readonly indicator: string;
  readonly level: string;
  readonly bodies: number;
  readonly assessed: number;
  readonly notApplicable: number;
  readonly tooFew: number;
  readonly noData: number;
  readonly sampleSize: number;
  readonly excluded: number;
  /** Left out because the file lacks a column that the indicator needs. */
  readonly undelivered: number;
}

export interface SourceState {
  readonly source_id: string;
  readonly state: string;
  readonly message_zh: string | null;
  readonly message_en: string | null;
  readonly files: number;
  readonly rows_received: number;
  readonly rows_loaded: number;
  readonly rows_quarantined: number;
  readonly rows_duplicate: number;
  readonly rows_corrected: number;
  readonly rows_flagged: number;
  readonly newest_known: string | null;
  readonly newest_valid: string | null;
  /** All rows of files refused as a whole; not among those quarantined. */
  readonly rows_refused: number;
}

/** A source that could not be fetched when the run was made. */
export interface FailedPull {
  readonly source_id: string;
  readonly attempted_at: string;
  readonly message_zh: string;
  readonly message_en: string;
}

export interface CheckResult {
  readonly check_id: string;
  readonly title: Bilingual;
  readonly source_id: string | null;
  readonly severity: string;
  readonly passed: boolean;
  readonly failing_rows: number;
  readonly observed: string | null;
  readonly expected: string | null;
  readonly message_zh: string;
  readonly message_en: string;
}

export interface QuarantineCount {
  readonly source_id: string;
  readonly reason: string;
  readonly column_name: string | null;
  readonly row_count: number;
  readonly in_refused_file: boolean;
}

export interface InputFile {
  readonly source_id: string;
  readonly file_name: string;
  readonly file_hash: string;
  readonly bytes: number;
  readonly format: string;
  readonly row_count: number;
  readonly refused: boolean;
  readonly refused_because: string | null;
}

/** A level as it is shown, with its peer classes in the standard's order. */
export interface ReportLevel {
  readonly level: string;
  readonly name: Bilingual;
  readonly classes: readonly {
    readonly id: string;
    readonly name: Bilingual;
    readonly standings: readonly Standing[];
  }[];
  readonly standings: readonly Standing[];
}

/** That records which are shown no more were left out of a report, with the sentence that says so. */
export interface Redaction extends Bilingual {
  readonly records: number;
  /** Day from which on what is left out is exactly this. */
  readonly since: string;
}

/** Everything a report shows of a period. */
export interface Report {
  readonly context: Context;
  readonly edition: Edition;
  /** Only in a rendering made later than the report itself. */
  readonly redaction?: Redaction;
  readonly levels: readonly ReportLevel[];
  readonly standings: readonly Standing[];
  readonly nodes: readonly StandardNode[];
  readonly rules: readonly Rule[];
  readonly coverage: readonly Coverage[];
  readonly sources: readonly SourceState[];
  readonly failedPulls: readonly FailedPull[];
  readonly quarantine: readonly QuarantineCount[];
  readonly checks: readonly CheckResult[];
  readonly files: readonly InputFile[];
  readonly sensitivities: readonly FactorShare[];
  readonly replications: readonly ReplicationCount[];
  readonly pairs: readonly PairChance[];
  readonly warnings: WarningReport;
  readonly lists: ListReport;
  /** Titles of laws that do not bind in the period or place and are applied by analogy. */
  readonly byAnalogy: readonly Bilingual[];
  /** Names of nodes, indicators, rules and limits by id. */
  readonly titles: ReadonlyMap<string, Bilingual>;
}
