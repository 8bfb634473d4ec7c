import { z } from "zod";

/** How the files of a source are to be read. */
export const format = z.strictObject({
  type: z.enum(["csv", "ndjson", "json", "ocds", "parquet", "arrow", "xlsx"]),
  encoding: z.enum(["utf-8", "gb18030", "utf-16"]).default("utf-8"),
  delimiter: z.string().default(","),
  /** Lines before the header to skip. */
  skip: z.number().int().min(0).default(0),
  sheet: z.string().optional(),
  /** CSV, XLSX: rows of the header, one above the other; their texts are joined by header_joint. */
  header_rows: z.number().int().min(1).max(5).default(1),
  header_joint: z.string().default("/"),
  /** CSV, XLSX: rows that are no records, told by their first filled cell: sums and signatures (auto), those and what begins with one of these texts, or none. */
  footers: z.union([z.enum(["auto", "none"]), z.array(z.string().min(1)).min(1)]).default("auto"),
  /** XLSX: what a merged cell below the header says holds for all rows it covers (fill), or for the first alone. */
  merged: z.enum(["fill", "first"]).default("first"),
  /** OCDS: what a row is, contracts unless said otherwise, as [awards] or [tender, lots]. JSON: names of the nested arrays to walk, as [releases, contracts]; columns are then named from them, as contracts.dateSigned. */
  records: z.array(z.string()).optional(),
});
