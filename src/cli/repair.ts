import { audited } from "../audit/audited.ts";
import { type Repair, repairDatabase } from "../repair.ts";
import type { KeptOrigin } from "../repair-tables.ts";
import type { PipelineDefinition } from "../standard/pipeline-definition.ts";
import { findPipeline } from "../standard/workspace.ts";
import { choosePipeline } from "./choose-pipeline.ts";
import { act, type CommonOptions, configFor, makeCommand } from "./command.ts";
import { printResult } from "./terminal.ts";

interface RepairOptions extends CommonOptions {
  readonly dryRun?: boolean;
  readonly force?: boolean;
}

/** `zhengxin repair`: makes a damaged working database anew. */
export function repairCommand() {
  return makeCommand(
    "repair",
    "Look at the working database and the raw files, and make a damaged database anew; the damaged file is kept.",
    ["repair", "repair qingdao --dry-run"],
  )
    .argument("[pipeline]", "name of a file in pipelines/")
    .option("--dry-run", "say what is damaged and what would be done, and do nothing")
    .option("--force", "make a database of another version anew too")
    .action(
      act(async (named: string | undefined, options: RepairOptions) => {
        const config = configFor(options);
        const pipeline = findPipeline(config.workspace, choosePipeline(config.workspace, named));
        const asked = { dryRun: options.dryRun ?? false, force: options.force ?? false };
        const work = () => repairDatabase(config, pipeline, asked);
        const { jurisdiction } = pipeline;
        const act = { jurisdiction, action: "repair", target: "working.duckdb" };
        const repair = asked.dryRun ? await work() : await audited(config, act, work);
        printResult(options.json, repair, describe(repair, pipeline));
        return undefined;
      }),
    );
}

function describe(repair: Repair, pipeline: PipelineDefinition): string {
  return [
    repair.database,
    ...(repair.fault ? [`${repair.fault.zh} ${repair.fault.en}`] : []),
    ...(repair.logLost ? [LOG_LOST] : []),
    ...repair.tables.map(
      (one) => `  ${one.table.padEnd(20)} ${String(one.rows).padStart(9)}  ${ORIGINS[one.from]}`,
    ),
    ...(repair.tables.length > 0 ? [REST] : []),
    ...repair.raw.map(
      ({ path, problem, original }) =>
        `${path}: ${PROBLEMS[problem]} ${original ? ORIGINAL : NO_ORIGINAL}`,
    ),
    ...(repair.aside ? [`损坏的文件留在 The damaged file is kept as ${repair.aside}`] : []),
    STATES[repair.state](pipeline.pipeline),
  ].join("\n");
}

const LOG_LOST =
  "其日志读不了：最后一次落盘之后写入的内容不在其中。Its log cannot be read: what was written after the last checkpoint is not in it.";
const REST =
  "其余各表由下一次运行从原始文件重新算出。All other tables are worked out again from the raw files by the next run.";

const ORIGINS: Readonly<Record<KeptOrigin["from"], string>> = {
  damaged: "取自损坏的数据库 from the damaged database",
  safekeeping: "取自保管副本 from the copy in safekeeping",
  published: "取自已发布的各期 from what is published",
  nothing: "无处可取，为空 found nowhere, empty",
};

const PROBLEMS = {
  missing: "原始文件不见了。The raw file is gone.",
  damaged: "原始文件已损坏。The raw file is damaged.",
} as const;
const ORIGINAL =
  "其来源文件夹中有同名文件：移走损坏的文件后，下一次接收会重新读取。A file of its name lies in the folder of its source: once the damaged one is moved away, the next pull reads it again.";
const NO_ORIGINAL =
  "请从备份恢复，或重新报送原文件。Restore it from a backup, or deliver the original again.";

const STATES: Readonly<Record<Repair["state"], (pipeline: string) => string>> = {
  absent: () => "没有工作数据库，无需修复。There is no working database, and nothing to repair.",
  sound: () => "数据库完好，每一块都读过。The database is sound: every block of it was read.",
  repaired: (name) =>
    `已重建。请运行“zhengxin run ${name}”。Made anew. Now run "zhengxin run ${name}".`,
  repairable: (name) =>
    `未作任何改动；“zhengxin repair ${name}”即照此重建。Nothing was changed; "zhengxin repair ${name}" does as it is said here.`,
};
