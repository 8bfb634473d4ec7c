import type { Context } from "../context.ts";
import { fileLabel } from "../standard/file-label.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { quoteIdentifier, sqlFile } from "../store/sql-file.ts";
import type { Finding, Result } from "./results.ts";
import type { SourceFile } from "./source-counts.ts";

const sql = sqlFile(import.meta.dirname, "check.sql");

/** Holds what a source promises of itself against what came: rows per file, share of filled cells, freshness; and notes what else was found. */
export async function checkExpectations(
  context: Context,
  source: SourceDefinition,
  files: readonly SourceFile[],
  daysBehind: number | undefined,
  more: readonly Finding[] = [],
): Promise<Result[]> {
  const { rows, fill, freshness_days } = source.expectations;
  const results: Result[] = [];
  const note = (result: Omit<Result, "sourceId">) =>
    results.push({ ...result, sourceId: source.source });
  const refused = files.filter((file) => file.refused_because !== null);
  note({
    checkId: "files-usable",
    severity: "stop",
    passed: refused.length === 0,
    failingRows: refused.length,
    observed: String(refused.length),
    expected: "0",
    ...(refused.length === 0
      ? { zh: "全部文件可用", en: "Every file could be used" }
      : {
          ...tellEach(refused.map(sentences)),
        }),
  });
  if (rows?.max !== undefined) {
    const { max } = rows;
    const large = files.filter((file) => file.rows > max);
    note({
      checkId: "rows-max",
      severity: "warn",
      passed: large.length === 0,
      failingRows: large.length,
      observed: String(Math.max(0, ...files.map((file) => file.rows))),
      expected: `<= ${max}`,
      ...(large.length === 0
        ? { zh: "行数在预期之内", en: "No file has more rows than expected" }
        : {
            zh: `文件 ${large.map((file) => fileLabel(file.file_hash)).join("、")} 的行数超过预期的 ${max} 行，请核对是否重复导出。`,
            en: `The files ${large.map((file) => fileLabel(file.file_hash)).join(", ")} have more than the ${max} rows expected; check whether something was exported twice.`,
          }),
    });
  }
  for (const [column, least] of Object.entries(fill ?? {})) {
    const found = await context.store.row<{ rows: number; filled: number }>(
      sql("fill", { kind: source.kind, column: quoteIdentifier(column) }),
      { source: source.source },
    );
    const total = found?.rows ?? 0;
    const filled = found?.filled ?? 0;
    const passed = total === 0 || filled >= least * total;
    const share = total === 0 ? "" : `${((100 * filled) / total).toFixed(1)}%`;
    const limit = `${(least * 100).toFixed(1)}%`;
    note({
      checkId: `fill-${column}`,
      severity: "warn",
      passed,
      failingRows: passed ? 0 : total - filled,
      observed: share,
      expected: `>= ${limit}`,
      ...(passed
        ? { zh: `“${column}”填报率达标`, en: `"${column}" is filled as expected` }
        : {
            zh: `“${column}”的填报率为 ${share}，低于 ${limit}；请报送单位补填。`,
            en: `"${column}" is filled in ${share} of the rows, less than ${limit}; ask the sender to fill it in.`,
          }),
    });
  }
  const unread = await findUnread(context, source);
  if (unread) note(unread);
  const unfound = await findUnfound(context, source);
  if (unfound) note(unfound);
  if (freshness_days !== undefined && daysBehind !== undefined) {
    const passed = daysBehind <= freshness_days;
    note({
      checkId: "freshness",
      severity: "warn",
      passed,
      failingRows: 0,
      observed: String(daysBehind),
      expected: `<= ${freshness_days}`,
      ...(passed
        ? { zh: "数据及时", en: "The data is fresh" }
        : {
            zh: `最新数据早于期末 ${daysBehind} 天，超过 ${freshness_days} 天；请催报。`,
            en: `The newest data is ${daysBehind} days older than the end of the period, more than ${freshness_days}; ask for a delivery.`,
          }),
    });
  }
  for (const { since: _, ...finding } of more) note(finding);
  return results;
}

/** Core columns of a JSON source whose key no record has: renamed, or never delivered. Undefined when there are none. */
async function findUnfound(
  { store }: Context,
  { source }: SourceDefinition,
): Promise<Omit<Result, "sourceId"> | undefined> {
  const found = await store.row<{ places: string; amount: number }>(sql("unfound-columns"), {
    source,
  });
  if (!found) return undefined;
  const { places, amount } = found;
  return {
    checkId: "columns-found",
    severity: "warn",
    passed: false,
    failingRows: 0,
    observed: String(amount),
    expected: "0",
    zh: `没有一条记录有定义要读的这些列：${places}。请核对报送方是否改了名；若本来可以没有，请写 optional: true。`,
    en: `No record has what the definition reads for ${places}. See whether the sender has renamed it; if records may do without it, say optional: true.`,
  };
}

/** Columns that the definition does not read; undefined when it reads all. They change nothing, and are to be known of. */
async function findUnread(
  { store }: Context,
  { source }: SourceDefinition,
): Promise<Omit<Result, "sourceId"> | undefined> {
  const groups = await store.rows<{ places: string; amount: number; files: number }>(
    sql("unread-columns"),
    { source },
  );
  if (groups.length === 0) return undefined;
  const zh = groups.map(({ places, amount, files }) =>
    places === "" ? `${files} 个文件记录中的 ${amount} 个键` : `${files} 个文件的第 ${places} 列`,
  );
  const en = groups.map(({ places, amount, files }) => {
    const what = places === "" ? (amount === 1 ? "1 key" : `${amount} keys`) : `columns ${places}`;
    return `${what} of ${files === 1 ? "1 file" : `${files} files`}`;
  });
  return {
    checkId: "columns-unread",
    severity: "warn",
    passed: true,
    failingRows: 0,
    observed: String(groups.reduce((most, { amount }) => Math.max(most, amount), 0)),
    expected: "",
    zh: `定义不读的列：${zh.join("；")}`,
    en: `Not read by the definition: ${en.join("; ")}`,
  };
}

/** What is said of several files, one after the other; what would be said of each in the same words is said once. */
export function tellEach(told: readonly { readonly zh: string; readonly en: string }[]): {
  zh: string;
  en: string;
} {
  const say = (sentences: readonly string[]) => [...new Set(sentences)].join(" ");
  return { zh: say(told.map(({ zh }) => zh)), en: say(told.map(({ en }) => en)) };
}

/** The Chinese and the English sentence why a file was refused. */
export function sentences({ refused_because }: SourceFile): { zh: string; en: string } {
  const [zh = "", en = zh] = (refused_because ?? "").split("\n");
  return { zh, en };
}
