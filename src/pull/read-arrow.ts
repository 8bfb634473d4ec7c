import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { type RecordBatch, RecordBatchReader } from "apache-arrow";
import { appendColumns, type ColumnValues } from "../store/columns.ts";
import { quoteIdentifier, quoteLiteral, sqlFile } from "../store/sql-file.ts";
import { type ArrowColumn, planColumn } from "./arrow-columns.ts";
import { nameColumns } from "./name-columns.ts";
import {
  type Reading,
  type ReadingTask,
  refuseBomb,
  refuseInflated,
  refuseTooManyPacked,
  refuseTooWide,
} from "./reading.ts";
import { RefusedFile, refuse } from "./sentences.ts";

const sql = sqlFile(import.meta.dirname, "columnar.sql");
const STAGE = { catalog: "temp", schema: "main", table: "pull_stage" } as const;

/**
 * Reads an Arrow IPC file or stream column by column, batch by batch; columns keep their types.
 * @throws RefusedFile when it is no Arrow data, ends early, is compressed or too large
 */
export async function readArrow(task: ReadingTask): Promise<Reading> {
  const { store, output, timeZone } = task;
  const file = await open(task.input);
  try {
    const reader = await openReader(file, task.input);
    refuseTooWide(reader.schema.fields.length, task);
    const names = nameColumns(reader.schema.fields.map(({ name }) => name));
    const columns = reader.schema.fields.map((field) => planColumn(field, timeZone));
    await store.run(sql("stage-arrow", { columns: stageColumns(columns) }));
    const { size } = await file.stat();
    let rows = 0;
    let text = 0;
    for await (const batch of batchesOf(reader)) {
      rows += batch.numRows;
      // Before anything is made of that length: a batch may say that it has rows without a byte for them.
      refuseTooManyPacked(size, rows, columns.length, task);
      const values = readBatch(batch, columns);
      // A text of a dictionary stands in the file once, and is as long in each row for all that comes after.
      text += values.reduce((sum, column) => sum + lengthOfTexts(column), 0);
      refuseBomb(size, text);
      refuseInflated(text, task);
      await appendColumns(store, STAGE, values);
    }
    await store.run(
      sql("copy-stage", {
        columns: columns
          .map(
            ({ restore }, index) =>
              `${restore(`c${index}`)} AS ${quoteIdentifier(names[index] as string)}`,
          )
          .join(", "),
        output: quoteLiteral(output),
      }),
    );
    return { rows, unreadable: [] };
  } finally {
    await store.run(sql("drop-stage"));
    await file.close().catch(() => {});
  }
}

async function openReader(file: FileHandle, path: string) {
  const { buffer } = await file.read(Buffer.alloc(6), 0, 6, 0);
  const isFile = buffer.toString("latin1") === "ARROW1";
  try {
    const reader = isFile
      ? await RecordBatchReader.from(file)
      : await RecordBatchReader.from(createReadStream(path));
    const opened = await reader.open();
    if (opened.schema.fields.length > 0) return opened;
  } catch (error) {
    throw new RefusedFile(damaged(error));
  }
  return refuse(
    "文件不含任何 Arrow 列。请重新导出后报送。",
    "The file holds no Arrow columns. Export it again and deliver it.",
  );
}

async function* batchesOf(reader: AsyncIterable<RecordBatch>): AsyncGenerator<RecordBatch> {
  const batches = reader[Symbol.asyncIterator]();
  for (;;) {
    let next: IteratorResult<RecordBatch>;
    try {
      next = await batches.next();
    } catch (error) {
      throw new RefusedFile(damaged(error));
    }
    if (next.done) return;
    yield next.value;
  }
}

function readBatch(batch: RecordBatch, columns: readonly ArrowColumn[]) {
  try {
    return columns.map((column, index) => {
      const vector = batch.getChildAt(index);
      if (!vector) throw new RefusedFile(DAMAGED);
      return column.read(vector, batch.numRows);
    });
  } catch (error) {
    // Places of values, lengths and days that are not in the batch.
    if (
      error instanceof RefusedFile ||
      !(error instanceof RangeError || error instanceof TypeError)
    )
      throw error;
    throw new RefusedFile(DAMAGED);
  }
}

function lengthOfTexts(values: ColumnValues): number {
  let length = 0;
  for (const value of values) if (typeof value === "string") length += value.length;
  return length;
}

function stageColumns(columns: readonly ArrowColumn[]): string {
  return columns.map(({ stage }, index) => `c${index} ${stage}`).join(", ");
}

function damaged(error: unknown) {
  if (/compress|codec/i.test(String(error))) {
    return {
      zh: "Arrow 文件的数据经过压缩，无法读取。请以不压缩方式重新导出后报送。",
      en: "The data in the Arrow file are compressed and cannot be read. Export it again without compression and deliver it.",
    };
  }
  return DAMAGED;
}

const DAMAGED = {
  zh: "文件不是完整的 Arrow IPC 数据，无法读取。请重新导出后报送。",
  en: "The file is no complete Arrow IPC data and cannot be read. Export it again and deliver it.",
};
