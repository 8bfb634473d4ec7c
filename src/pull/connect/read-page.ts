import { readFileSync } from "node:fs";
import type { ReadingBounds } from "../../config.ts";
import { readReleases } from "../../ocds/read-releases.ts";
import type { ConnectorOf } from "../../standard/connector-definition.ts";
import type { SourceDefinition } from "../../standard/source-definition.ts";
import { isObject } from "../../standard/walk-record.ts";
import { refuseTooDeep } from "../reading.ts";
import { RefusedFile, refuse } from "../sentences.ts";
import { listRecords, parseJson } from "../walk-records.ts";
import { later, readNext, valueAt } from "./paging.ts";

/** What of a source's format tells where the records of a page stand. */
export type PageFormat = Pick<SourceDefinition["format"], "type" | "records">;

/** A page of a list of JSON records to be looked at, for the process that reads delivered files. */
export interface PageTask {
  /** The page as received, absolute. */
  readonly input: string;
  /** The source's format: where the records stand. */
  readonly format: PageFormat;
  readonly paging: ConnectorOf<"http-json">["paging"];
  /** Path of the field whose greatest value the next fetch goes on from. */
  readonly markField: string | undefined;
  readonly bounds: ReadingBounds;
}

/** What a page tells; or that it is no whole JSON, or has no records where the definition says. */
export type PageReading =
  | {
      readonly records: number;
      readonly next: string | undefined;
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
    const records = task.format.type === "ocds" ? listReleases(document) : listOf(document, task);
    return {
      records: records.length,
      next: readNext(task.paging, document),
      greatest: findGreatest(records, task.markField),
    };
  } catch (error) {
    if (error instanceof RefusedFile) return { fault: "no-list" };
    throw error;
  }
}

function listOf(document: unknown, { format }: PageTask): readonly unknown[] {
  return listRecords(document, format.records).records;
}

/**
 * The releases of a page, with what stands in their place and is none: it counts where pages are told by numbers.
 * @throws RefusedFile when the page is none of the forms of the standard
 */
function listReleases(document: unknown): readonly unknown[] {
  if (isEmptyEnvelope(document)) return [];
  const { releases, faults } = readReleases([document]);
  if (releases.length === 0 && faults.some(({ content }) => content === document)) {
    refuse(
      "文件不是 OCDS 的发布包、记录包或发布。",
      "The file is no package, record or release of OCDS.",
    );
  }
  return [...releases, ...faults].map(({ content }) => content);
}

/** { results: [], total: 4 }: lists, and nothing in them. */
function isEmptyEnvelope(document: unknown): boolean {
  const lists = isObject(document) ? Object.values(document).filter(Array.isArray) : [];
  return lists.length > 0 && lists.every((list) => list.length === 0);
}

function findGreatest(records: readonly unknown[], field: string | undefined): string | undefined {
  if (field === undefined) return undefined;
  return records
    .map((record) => valueAt(record, field))
    .filter((value) => typeof value === "string" || typeof value === "number")
    .map(String)
    .reduce(later, undefined as string | undefined);
}
