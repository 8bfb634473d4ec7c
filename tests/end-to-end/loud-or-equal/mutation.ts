import type { Delivery, SourceName } from "./city.ts";
import type { Form } from "./forms.ts";

/** Something that may happen to what is delivered. */
export interface Mutation {
  readonly name: string;
  readonly source: SourceName;
  readonly forms: readonly Form[];
  /** Changes the sheets as they are to be delivered. */
  readonly change?: (delivery: Delivery) => void;
  /** Changes the bytes of CSV files. */
  readonly bytes?: (written: Buffer) => Buffer;
  /** The unchanged delivery was taken in and published before. */
  readonly later?: true;
  /**
   * What must come of it, where one of the two would be wrong: the very same scores, because the change means nothing;
   * or a sentence in any case, because it cannot be told what was meant.
   */
  readonly must?: "equal" | "loud";
}

/** Mutations of one source, in the forms they apply to unless they say otherwise. */
export function onSource(
  source: SourceName,
  forms: readonly Form[],
  list: readonly (Omit<Mutation, "source" | "forms"> & { readonly forms?: readonly Form[] })[],
): Mutation[] {
  return list.map((each) => ({ forms, ...each, source }));
}

/** Forms whose rows are cells in a grid. */
export const TABLES: readonly Form[] = ["csv", "xlsx"];
export const CSV: readonly Form[] = ["csv"];
