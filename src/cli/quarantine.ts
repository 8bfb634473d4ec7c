import { appendAudit } from "../audit/append.ts";
import { type Quarantine, readQuarantine } from "../quarantine.ts";
import { type HeldBackText, listHeldBack } from "../release.ts";
import { findSources } from "../standard/workspace.ts";
import { pipelineOfSource } from "./choose-pipeline.ts";
import { act, type CommonOptions, configFor, makeCommand, readCount } from "./command.ts";
import { openHeld } from "./open-held.ts";
import { printResult } from "./terminal.ts";

interface QuarantineOptions extends CommonOptions {
  readonly by?: string;
  readonly pipeline?: string;
  readonly limit: string;
}

/** `zhengxin quarantine`: which file is which, and what was set aside, with its text. */
export function quarantineCommand() {
  return makeCommand(
    "quarantine",
    "Show the files of a source by name, and what was set aside of them: restricted, for whoever puts deliveries right.",
    ["quarantine hotline-orders", "quarantine hotline-orders --limit 1000 --json"],
  )
    .argument("<source>", "id of the source")
    .option("--limit <count>", "rows shown", readCount, "200")
    .option("--by <office>", "office that looks, never a person")
    .option("--pipeline <name>", "name of a file in pipelines/, where several use the source")
    .action(
      act(async (source: string, options: QuarantineOptions) => {
        const config = configFor(options);
        const pipeline = pipelineOfSource(config.workspace, source, options.pipeline);
        const { store } = await openHeld(config, pipeline);
        try {
          const { jurisdiction } = pipeline;
          const looked = { jurisdiction, actor: options.by, action: "quarantine.lookup" };
          await appendAudit(config, { ...looked, target: source });
          const found = await readQuarantine(store, source, Number(options.limit));
          const own = findSources(config.workspace, pipeline).find((one) => one.source === source);
          const held_back = own ? await listHeldBack(store, own) : [];
          const text = [describe(found), ...describeHeldBack(held_back)].join("\n");
          printResult(options.json, { ...found, held_back }, text);
        } finally {
          store.close();
        }
        return undefined;
      }),
    );
}

function describeHeldBack(texts: readonly HeldBackText[]): string[] {
  if (texts.length === 0) return [];
  const list = texts.map(({ column, mark, rows }) => `  ${column}  ${mark}  ${rows} row(s)`);
  return ["", "扣留的公开文字，见 release  public texts held back, see release", ...list];
}

function describe({ files, rows, total }: Quarantine): string {
  return [
    "文件 files",
    ...files.flatMap((file) => [
      `  ${file.label}  ${file.received_at}  ${file.row_count} rows, ${file.lines} set aside  ${file.file_name}`,
      ...(file.refused_zh ? [`    ${file.refused_zh}`, `    ${file.refused_en}`] : []),
    ]),
    "",
    "隔离 set aside",
    ...rows.flatMap((row) => [
      `  ${row.label}:${row.line}  ${row.reason}  ${row.column_name ?? ""}  ${row.value ?? ""}`,
      `    ${row.message_zh}`,
      `    ${row.message_en}`,
    ]),
    ...(total > rows.length ? [`… --limit ${total} lists all`] : []),
  ].join("\n");
}
