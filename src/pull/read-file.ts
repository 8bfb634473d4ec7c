import { statSync } from "node:fs";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { readCsv } from "./read-csv.ts";
import { readJson, readNdjson } from "./read-json.ts";
import { readOcds } from "./read-ocds.ts";
import { readParquet } from "./read-parquet.ts";
import { readXlsx } from "./read-xlsx.ts";
import { type Reading, type ReadingTask, refuseFlood } from "./reading.ts";

type Format = SourceDefinition["format"];

const READERS: Record<Format["type"], (task: ReadingTask) => Promise<Reading>> = {
  csv: readCsv,
  ndjson: readNdjson,
  json: readJson,
  ocds: readOcds,
  parquet: readParquet,
  // Its library costs more to load than most files to read.
  arrow: async (task) => (await import("./read-arrow.ts")).readArrow(task),
  xlsx: readXlsx,
};

/**
 * Turns a file as received into Parquet.
 * @throws RefusedFile with the reason, in both languages, when it cannot be read at all
 */
export async function readFile(task: ReadingTask): Promise<Reading> {
  const reading = await READERS[task.format.type](task);
  refuseFlood(statSync(task.input).size, reading.rows + reading.unreadable.length);
  return reading;
}
