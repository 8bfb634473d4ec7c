import type { Context, StageOutcome } from "../context.ts";
import { sqlFile } from "../store/sql-file.ts";
import { type BlankFile, type Deliveries, readFileLabels } from "./deliveries.ts";
import { type FailedCheck, noteChecks } from "./note-checks.ts";

const sql = sqlFile(import.meta.dirname, "tell-undelivered.sql");

type Note = StageOutcome["notes"][number];

interface UndeliveredRow {
  readonly source_id: string;
  readonly column_name: string;
  readonly reason: "unmapped" | "absent" | "empty" | "blank";
  readonly files: number;
  readonly row_count: number;
  readonly indicators: string;
}

interface ToldRow extends UndeliveredRow {
  readonly message_zh: string;
  readonly message_en: string;
}

/**
 * Writes down what this run's indicators needed in its period and sources did not deliver, and which files leave a column
 * empty that others fill: facts.run_undelivered.
 * @returns the sentences
 */
export async function tellUndelivered(context: Context, deliveries: Deliveries): Promise<Note[]> {
  const { store, runId } = context;
  const own = { run: runId };
  const found = await store.rows<UndeliveredRow>(sql("undelivered-of-run"), {
    run: runId,
    period: context.period.id,
  });
  const told: ToldRow[] = found.map((row) => {
    const { zh, en } = tellGap(context, row);
    return { ...row, message_zh: zh, message_en: en };
  });
  if (deliveries.blank.length > 0) {
    told.push(...tellBlank(context, deliveries.blank, await readFileLabels(store)));
  }
  await noteChecks(context, "columns-delivered", told.map(asFailedCheck));
  await store.run(sql("forget-run"), own);
  await store.run(sql("note-run"), { run: runId, rows: JSON.stringify(told) });
  return told.map(({ message_zh, message_en }) => ({ zh: message_zh, en: message_en }));
}

function asFailedCheck(row: ToldRow): FailedCheck {
  const { source_id, row_count, files, message_zh, message_en } = row;
  return {
    source_id,
    failing_rows: row_count,
    observed: String(files),
    expected: "0",
    message_zh,
    message_en,
  };
}

const REASONS: Record<string, (row: UndeliveredRow) => Note> = {
  unmapped: ({ column_name }) => ({
    zh: `数据源定义中没有 ${column_name} 列`,
    en: `the source's definition has no column ${column_name}`,
  }),
  absent: ({ column_name, files }) => ({
    zh: `${files} 个文件没有 ${column_name} 列`,
    en: `${files} file(s) lack the column ${column_name}`,
  }),
  empty: ({ column_name }) => ({
    zh: `没有一条记录填有 ${column_name}`,
    en: `no record of the source has a ${column_name}`,
  }),
};

function tellGap(context: Context, row: UndeliveredRow): Note {
  const reason = REASONS[row.reason]?.(row) as Note;
  const title = titleOf(context, row.source_id);
  const advice =
    row.reason === "empty"
      ? {
          zh: "若确实从未发生，请在数据源的该列写 may_be_empty: true。",
          en: " If nothing of the kind ever happened, say may_be_empty: true at the source's column.",
        }
      : { zh: "", en: "" };
  return {
    zh: `${title.zh}：${reason.zh}，${row.row_count} 条记录未计入需要该列的指标（${row.indicators}）：没有报送既不是空，也不是零。${advice.zh}`,
    en: `${title.en}: ${reason.en}; ${row.row_count} record(s) are left out of the indicators that need it (${row.indicators}): what is not delivered is neither empty nor 0.${advice.en}`,
  };
}

/** One sentence for each column of a source, naming a few of the files. */
function tellBlank(
  context: Context,
  blank: readonly BlankFile[],
  labels: ReadonlyMap<number, string>,
): ToldRow[] {
  const columns = new Map<string, BlankFile[]>();
  for (const each of blank) {
    const key = `${each.source} ${each.column}`;
    columns.set(key, [...(columns.get(key) ?? []), each]);
  }
  return [...columns.values()].map((files) => {
    const { source, column } = files[0] as BlankFile;
    const title = titleOf(context, source);
    const rows = files.reduce((sum, each) => sum + each.rows, 0);
    const listed = files.slice(0, 3).map(({ file }) => labels.get(file) ?? String(file));
    const list = `${listed.join(", ")}${files.length > listed.length ? " …" : ""}`;
    return {
      source_id: source,
      column_name: column,
      reason: "blank",
      files: files.length,
      row_count: rows,
      indicators: "",
      message_zh: `${title.zh}：${files.length} 个文件（${list}）的 ${rows} 条记录全都没有填 ${column}，而其他文件大多填写；已按空值计算，请核对是否漏报了这一列。`,
      message_en: `${title.en}: all ${rows} record(s) of ${files.length} file(s) (${list}) leave ${column} empty, which other files mostly fill; they count as empty. Check whether the column was left out.`,
    };
  });
}

function titleOf({ sources }: Context, id: string): Note {
  return sources.find(({ source }) => source === id)?.title ?? { zh: id, en: id };
}
