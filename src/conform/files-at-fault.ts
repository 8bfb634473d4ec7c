import { createHash } from "node:crypto";
import type { Context } from "../context.ts";
import { SETTINGS } from "../settings.ts";
import type { Refusal } from "../standard/delivery.ts";
import { fileLabel } from "../standard/file-label.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { quoteLiteral, sqlFile } from "../store/sql-file.ts";
import { conformSeconds, secondsFor } from "./conform-time.ts";
import { formOf } from "./described-by.ts";
import type { FaultOfContent } from "./fault-of-content.ts";
import { AT_FAULT, type RawFile } from "./raw-files.ts";

const sql = sqlFile(import.meta.dirname, "conform.sql");

/**
 * Finds the files that make something fail when it has failed with all of them. Mostly it is the largest, so these are
 * tried first, each alone; then halves. Where no file fails without the others, it is the largest of the fewest that fail;
 * and where they do not fail together either, none: something else was in the way before. The order is that of the files
 * themselves, so that the same ones are found on every machine that has the same bounds.
 * @param fails whether it fails with these files and no others
 */
export async function findAtFault(
  files: readonly RawFile[],
  fails: (files: readonly RawFile[]) => Promise<boolean>,
): Promise<readonly RawFile[]> {
  const bySize = files.toSorted(
    (a, b) => b.row_count - a.row_count || (a.file_hash < b.file_hash ? -1 : 1),
  );
  const found: RawFile[] = [];
  for (const file of bySize) {
    if (!(await fails([file]))) break;
    found.push(file);
  }
  if (found.length > 0) return found;
  return (await fails(bySize)) ? halve(bySize, fails) : [];
}

async function halve(
  files: readonly RawFile[],
  fails: (files: readonly RawFile[]) => Promise<boolean>,
): Promise<readonly RawFile[]> {
  const half = Math.ceil(files.length / 2);
  if (files.length > 1) {
    for (const part of [files.slice(0, half), files.slice(half)]) {
      if (await fails(part)) return halve(part, fails);
    }
  }
  return files.slice(0, 1);
}

/**
 * Lets files in again that the database could not work with under other bounds, another version of it or another definition
 * than now: what ended it then need not end it now.
 */
export async function tryAgain(context: Context, duckdb: string): Promise<void> {
  const { store, sources } = context;
  const held = await store.rows<{ source_id: string; refused_by: string }>(
    sql("files-at-fault", { mark: quoteLiteral(AT_FAULT) }),
  );
  for (const { source_id, refused_by } of held) {
    const source = sources.find((one) => one.source === source_id);
    if (!source || allTerms(context, source, duckdb).includes(refused_by)) continue;
    await store.run(sql("try-again"), { source: source_id, refused_by });
  }
}

/** Writes down that the database cannot work with a file, so that nothing reads it until there is reason to try again. */
export async function refuseAtFault(
  context: Context,
  source: SourceDefinition,
  { file, fault, duckdb }: { file: RawFile; fault: FaultOfContent; duckdb: string },
): Promise<{ readonly refused: RawFile; readonly refusal: Refusal }> {
  const { zh, en } = SENTENCES[fault.kind](context, file, fault);
  const reason = {
    refused_by: terms(context, source, duckdb, fault.kind),
    refused_because: `${zh}\n${en}`,
  };
  await context.store.run(sql("refuse-at-fault"), { file_id: file.file_id, ...reason });
  return { refused: { ...file, ...reason }, refusal: { fileId: file.file_id, zh, en } };
}

/** Under what files were tried; the time they had counts where they took too long. */
function terms(
  context: Context,
  source: SourceDefinition,
  duckdb: string,
  kind: FaultOfContent["kind"],
): string {
  const { memory, threads } = context.store;
  const time = kind === "time" ? [conformSeconds(context)] : [];
  const parts = [memory, threads, duckdb, formOf(source), ...time];
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  return `${AT_FAULT}${hash.slice(0, 16)}`;
}

function allTerms(context: Context, source: SourceDefinition, duckdb: string): string[] {
  return (["value", "time"] as const).map((kind) => terms(context, source, duckdb, kind));
}

type Describe = (
  context: Context,
  file: RawFile,
  fault: FaultOfContent,
) => { readonly zh: string; readonly en: string };

const SENTENCES: Readonly<Record<FaultOfContent["kind"], Describe>> = {
  memory: (_context, { file_hash }) => {
    const label = fileLabel(file_hash);
    const { name } = SETTINGS.memory;
    return {
      zh: `文件 ${label} 未采用：处理其内容所需的内存超过数据内存上限。请核对文件；内容无误的，请拆分后重新报送，或用 --memory（设置 ${name}）调高上限后重新运行，届时会再试。`,
      en: `The file ${label} was not used: working with what is in it takes more than the memory for data. Check it; if it is right, split it and deliver it again, or allow more with --memory (setting ${name}) and run again, which tries it once more.`,
    };
  },
  time: (context, file) => {
    const label = fileLabel(file.file_hash);
    const seconds = secondsFor(context, [file]);
    const { name } = SETTINGS.conformSeconds;
    return {
      zh: `文件 ${label} 未采用：处理其内容超过 ${seconds} 秒，已中止。请核对文件；内容无误的，请拆分后重新报送，或调高设置 ${name} 后重新运行，届时会再试。`,
      en: `The file ${label} was not used: working with what is in it took more than ${seconds} seconds and was stopped. Check it; if it is right, split it and deliver it again, or raise the setting ${name} and run again, which tries it once more.`,
    };
  },
  value: (_context, { file_hash }, { type }) => {
    const label = fileLabel(file_hash);
    const named = type === "" ? "" : ` (${type})`;
    return {
      zh: `文件 ${label} 未采用：其中有内容使数据库出错${named}。请核对并重新导出后报送；内容无误的，请告知维护者。更正来源定义后会再试。`,
      en: `The file ${label} was not used: the database fails over something in it${named}. Check it, export it again and deliver it; if it is right, tell the maintainers. It is tried once more when the source's definition changes.`,
    };
  },
};
