import type { Context } from "../context.ts";
import type { CheckFile } from "./check-file.ts";
import type { SourceDefinition } from "./source-definition.ts";

/** A file on its way into core, as counted after the mapping. */
export interface DeliveredFile {
  readonly fileId: number;
  readonly fileName: string;
  readonly fileHash: string;
  /** Rows read, and lines that could not be read. */
  readonly received: number;
  readonly accepted: number;
  readonly quarantined: number;
  /** Of these, rows for want of releases that came before the delivered ones: nothing is wrong with them. */
  readonly early: number;
  /** Rows the source says are not for this kind. */
  readonly skipped: number;
}

/** New files of one source whose good rows stand in core, inside a transaction not yet committed. */
export interface Delivery {
  readonly source: SourceDefinition;
  readonly files: readonly DeliveredFile[];
  /** Stop checks of the workspace, of whatever source. */
  readonly stops: readonly CheckFile[];
}

/** Text of a refused file that people must see to put it right. */
export interface SetAside {
  readonly line: number;
  readonly reason: "header" | "stop-check";
  readonly value: string;
  /** Whether it is the text of a line as delivered, which may be about persons. */
  readonly delivered: boolean;
}

/** A file that must not go further, and why, in sentences that quote nothing of it. */
export interface Refusal {
  readonly fileId: number;
  readonly zh: string;
  readonly en: string;
  /** What its text says of the reason: for the quarantine, and for nothing else. */
  readonly setAside?: readonly SetAside[];
  /** By rows that other files of the source may correct: it is judged again when one comes. */
  readonly byRows?: boolean;
}

/** Judges a delivery before it is committed; whatever it refuses is rolled back. */
export type DeliveryGate = (context: Context, delivery: Delivery) => Promise<readonly Refusal[]>;
