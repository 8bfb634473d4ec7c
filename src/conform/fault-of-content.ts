import { isOutOfMemory, QueryError } from "../store/query-error.ts";
import { BrokenOffError } from "../store/query-stream.ts";
import { OutOfTime } from "../store/within-time.ts";

/** A failure of the database that what is in the files can have caused. */
export interface FaultOfContent {
  /** Too much for its memory, or for the time it may take; or values it cannot work with. */
  readonly kind: "memory" | "time" | "value";
  /** What DuckDB calls it; empty where it says nothing of the kind. */
  readonly type: string;
}

/** What DuckDB calls the faults that the content of a file can cause, whatever the statement. */
const OF_CONTENT =
  /^(?:Conversion|Out of Range|Invalid Input|Mismatch Type|Invalid type|Invalid|Decimal|Constraint|Executor|INTERNAL|FATAL)$/i;

/**
 * The fault of content behind an error. Undefined for a statement nobody can read, a full or damaged disk, an interruption.
 * After some faults the database takes no statement any more and says so of each (FATAL): what it was is told by trying again.
 */
export function faultOfContent(error: unknown): FaultOfContent | undefined {
  if (error instanceof OutOfTime) return { kind: "time", type: "" };
  // DuckDB's package does not say what a streamed answer broke off for.
  if (error instanceof BrokenOffError) return { kind: "value", type: "" };
  if (error instanceof QueryError) {
    const { storage, type } = error;
    if (storage) return isOutOfMemory(error) ? { kind: "memory", type } : undefined;
    return type === "" || OF_CONTENT.test(type) ? { kind: "value", type } : undefined;
  }
  return error instanceof Error && error.cause ? faultOfContent(error.cause) : undefined;
}
