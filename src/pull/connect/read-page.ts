import { readFileSync } from "node:fs";
import type { ReadingBounds } from "../../config.ts";
import type { ConnectorOf } from "../../standard/connector-definition.ts";
import { refuseTooDeep } from "../reading.ts";
import { RefusedFile } from "../sentences.ts";
import { listRecords, parseJson } from "../walk-records.ts";
import { later, readCursor, valueAt } from "./paging.ts";

/** A page of a list of JSON records to be looked at, for the process that reads delivered files. */
export interface PageTask {
  /** The page as received, absolute. */
  readonly input: string;
  /** Names of the source's format.records. */
  readonly names: readonly string[];
  readonly paging: ConnectorOf<"http-json">["paging"];
  /** Path of the field whose greatest value the next fetch goes on from. */
  readonly markField: string | undefined;
  readonly bounds: ReadingBounds;
}

/** What a page tells; or that it is no whole JSON, or has no records where the definition says. */
export type PageReading =
  | {
      readonly records: number;
      readonly cursor: string | undefined;
      readonly greatest: string | undefined;
    }
  | { readonly fault: "incomplete" | "no-list" };

/** @throws RefusedFile when it is nested deeper than the settings allow */
export function readPage(task: PageTask): PageReading {
  let document: unknown;
  try {
    document = parseJson(readFileSync(task.input, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return { fault: "incomplete" };
    throw error;
  }
  refuseTooDeep(document, task);
  try {
    const { records } = listRecords(document, task.names);
    return {
      records: records.length,
      cursor: readCursor(task.paging, document),
      greatest: findGreatest(records, task.markField),
    };
  } catch (error) {
    if (error instanceof RefusedFile) return { fault: "no-list" };
    throw error;
  }
}

function findGreatest(records: readonly unknown[], field: string | undefined): string | undefined {
  if (field === undefined) return undefined;
  return records
    .map((record) => valueAt(record, field))
    .filter((value) => typeof value === "string" || typeof value === "number")
    .map(String)
    .reduce(later, undefined as string | undefined);
}
