import type { Row } from "../store/store.ts";
import type { RecordLine } from "./report.ts";
import { UNNAMED } from "./unnamed.ts";

/** A record that moved points. */
export function toRecord(row: Row): RecordLine {
  return {
    kind: row.kind as "deduction" | "bonus",
    rule: row.node_id as string,
    record: (row.detail as string | null) ?? UNNAMED,
    occurredOn: row.occurred_on as string | null,
    points: row.points as number,
    disputed: row.disputed as boolean,
    place: placeOf(row),
  };
}

/** A record by which a veto holds. */
export function toVeto(row: Row): RecordLine {
  return {
    kind: "veto",
    rule: row.rule_id as string,
    record: (row.record_key as string | null) ?? UNNAMED,
    occurredOn: row.occurred_on as string | null,
    points: null,
    disputed: row.disputed as boolean,
    place: placeOf(row),
  };
}

function placeOf({ source_id, file_name, line }: Row): string {
  return source_id ? `${source_id}/${file_name}:${line}` : "";
}
