import type { ColumnMapping } from "../standard/source-definition.ts";
import type { ShownText } from "./held-back.ts";
import type { IdentifierForm } from "./identifier-columns.ts";
import type { Lookup } from "./lookup.ts";
import type { Money } from "./money.ts";
import type { Origin } from "./read-column.ts";

/** What is to be made of one column. */
export interface ColumnTask {
  readonly position: number;
  readonly core: string;
  readonly type: string;
  readonly required: boolean;
  readonly mapping: ColumnMapping;
  readonly origin: Origin;
  readonly lookup: Lookup | undefined;
  readonly codes: Readonly<Record<string, string>> | undefined;
  /** How its values are brought to one form: a code of a body, or a number by which records are told apart. */
  readonly form: IdentifierForm | undefined;
  /** Set where a publication shows the text: which of those held back a person has released. */
  readonly shown?: ShownText | undefined;
  /** Set where it is money that may be in another currency than the pipeline's. */
  readonly money?: Money | undefined;
}

/** Something to be looked at again in a row that is kept. */
export interface Flag {
  /** SQL of when it is set. */
  readonly when: string;
  /** SQL of its text. */
  readonly text: string;
}

/** Whether a column tells a day, by which numbers given on it are known. */
export function isDated({ type, lookup }: Pick<ColumnTask, "type" | "lookup">): boolean {
  return (type === "DATE" || type === "TIMESTAMP") && lookup === undefined;
}
