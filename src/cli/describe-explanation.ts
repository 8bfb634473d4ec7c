import { UNNAMED } from "../publish/unnamed.ts";
import { describeMove, type RankRow } from "./rank.ts";
import { bothNames, padColumns } from "./terminal.ts";

export interface ExplainedNode {
  readonly node_id: string;
  readonly node_level: string;
  readonly parent_node: string | null;
  readonly state: string;
  readonly raw_value: number | null;
  readonly score: number | null;
  readonly effective_weight: number | null;
  readonly numerator: string | null;
  readonly denominator: string | null;
  readonly sample_size: number | null;
  readonly excluded: number | null;
  /** Rows left out because their file lacks a column that the indicator needs. */
  readonly undelivered: number | null;
}

export interface ExplainedContribution {
  readonly kind: string;
  readonly node_id: string;
  readonly points: number;
  readonly points_before: number | null;
  /** null: the body has no score in the period before. */
  readonly moved: number | null;
}

export interface ExplainedRecord {
  readonly kind: string;
  readonly node_id: string;
  /** Null where the record is published no more. */
  readonly detail: string | null;
  readonly occurred_on: string | null;
  readonly points: number;
  readonly disputed: boolean;
  readonly source_id: string | null;
  readonly file_name: string | null;
  readonly file_hash: string | null;
  readonly line: number | null;
}

/** One entity's score taken apart. Points add up to the score, moves to the movement, exactly. */
export interface Explanation {
  readonly entity_id: string;
  readonly name_zh: string;
  readonly name_en: string;
  readonly period: string;
  /** The period compared with; null: the body has no score in it. */
  readonly before: string | null;
  readonly as_of: string;
  readonly run: string;
  readonly rank: RankRow | undefined;
  readonly nodes: readonly ExplainedNode[];
  readonly contributions: readonly ExplainedContribution[];
  readonly records: readonly ExplainedRecord[];
}

/** The explanation as text for people. */
export function describeExplanation(explanation: Explanation): string {
  const { rank, nodes, contributions, records } = explanation;
  const lines = [
    `${explanation.entity_id} ${bothNames(explanation.name_zh, explanation.name_en)}   ${explanation.period}, as of ${explanation.as_of}`,
  ];
  if (rank) {
    const place = rank.rank === null ? rank.state : `${rank.rank}/${rank.ranked_of}`;
    lines.push(
      `得分 score ${points(rank.score)}   名次 rank ${place} ${describeMove(rank.rank_previous, rank.rank)}   等次 grade ${rank.grade ?? "–"}${rank.vetoed_by ? ` (${rank.vetoed_by})` : ""}   覆盖 coverage ${(rank.coverage * 100).toFixed(0)}%`,
      rank.reason_zh ?? "",
      rank.reason_en ?? "",
    );
  }
  const moves = new Map(contributions.map((one) => [`${one.kind} ${one.node_id}`, one]));
  lines.push(
    "",
    `${padColumns("指标 indicator", 40)}${"value".padStart(12)}${"num/den".padStart(28)}${"score".padStart(8)}${"points".padStart(8)}${"moved".padStart(8)}  state`,
  );
  for (const node of nodes.filter(({ node_level }) => node_level === "indicator")) {
    const contribution = moves.get(`indicator ${node.node_id}`);
    lines.push(
      [
        padColumns(node.node_id, 40),
        (node.raw_value?.toFixed(2) ?? "–").padStart(12),
        `  ${describeFraction(node)}`.padStart(28),
        points(node.score).padStart(8),
        points(contribution?.points ?? null).padStart(8),
        signed(contribution?.moved ?? 0).padStart(8),
        `  ${node.state}${node.undelivered ? ` （未报送 undelivered ${node.undelivered}）` : ""}`,
      ].join(""),
    );
  }
  const others = contributions.filter(({ kind }) => kind !== "indicator");
  for (const one of others) {
    lines.push(
      `${padColumns(`${one.kind} ${one.node_id}`, 88)}${points(one.points).padStart(8)}${signed(one.moved ?? 0).padStart(8)}`,
    );
  }
  const total = contributions.reduce((sum, one) => sum + one.points, 0);
  const moved = contributions.reduce((sum, one) => sum + (one.moved ?? 0), 0);
  const since = explanation.before
    ? `  较${explanation.before} since ${explanation.before}`
    : "  没有更早的得分可比 no earlier score to compare with";
  lines.push(
    `${padColumns("合计 sum", 88)}${points(total).padStart(8)}${signed(moved).padStart(8)}${since}`,
  );
  if (records.length > 0) lines.push("", "记录 records");
  for (const one of records) {
    lines.push(
      `${signed(one.points).padStart(8)}  ${one.occurred_on ?? ""}  ${one.node_id}  ${one.detail ?? UNNAMED}${one.disputed ? " （异议中 disputed）" : ""}${sayPlace(one)}`,
    );
  }
  return lines.join("\n");
}

/** Where a record stands; nothing of one that is published no more. */
function sayPlace({ source_id, file_name, line, file_hash }: ExplainedRecord): string {
  if (source_id === null) return "";
  return `  ${source_id} ${file_name}:${line}  sha256 ${file_hash?.slice(0, 12)}`;
}

/** "1/1" rather than "1.000000/1.000000"; nothing for what has no numerator. */
export function describeFraction({
  numerator,
  denominator,
}: Pick<ExplainedNode, "numerator" | "denominator">): string {
  if (numerator === null || denominator === null) return "";
  return `${Number(numerator)}/${Number(denominator)}`;
}

function points(value: number | null): string {
  return value === null ? "–" : value.toFixed(2);
}

function signed(value: number): string {
  return Math.abs(value) < 0.005 ? "" : `${value > 0 ? "+" : "−"}${Math.abs(value).toFixed(2)}`;
}
