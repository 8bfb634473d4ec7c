import { audited } from "../audit/audited.ts";
import type { Config } from "../config.ts";
import { type Repair, repairDatabase } from "../repair.ts";
import { type PublishedRepair, repairPublished } from "../repair-published.ts";
import type { KeptOrigin } from "../repair-tables.ts";
import { type LateSignature, signPublished } from "../sign-published.ts";
import type { PipelineDefinition } from "../standard/pipeline-definition.ts";
import { findPipeline } from "../standard/workspace.ts";
import { choosePipeline } from "./choose-pipeline.ts";
import { act, type CommonOptions, configFor, makeCommand } from "./command.ts";
import { EXIT, openLog, openProgress, printResult } from "./terminal.ts";

interface RepairOptions extends CommonOptions {
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly sign?: boolean;
}

/** `zhengxin repair`: makes a damaged working database anew. */
export function repairCommand() {
  return makeCommand(
    "repair",
    "Look at the working database, the raw files and what is published; make what is damaged anew, and keep the damaged.",
    ["repair", "repair qingdao --dry-run", "repair qingdao --sign"],
  )
    .argument("[pipeline]", "name of a file in pipelines/")
    .option("--dry-run", "say what is damaged and what would be done, and do nothing")
    .option("--force", "make a database of another version anew too")
    .option("--sign", "sign what was published without a signature, as it lies, on your word")
    .action(
      act(async (named: string | undefined, options: RepairOptions) => {
        const config = configFor(options);
        const pipeline = findPipeline(config.workspace, choosePipeline(config.workspace, named));
        const asked = {
          dryRun: options.dryRun ?? false,
          force: options.force ?? false,
          sign: options.sign ?? false,
        };
        const work = () => repairAll(config, pipeline, asked, options.json);
        const { jurisdiction } = pipeline;
        const act = { jurisdiction, action: "repair", target: "working.duckdb" };
        const repair = asked.dryRun ? await work() : await audited(config, act, work);
        printResult(options.json, repair, describe(repair, pipeline));
        const left =
          repair.published.some(({ state }) => state === "impossible") ||
          repair.signatures.some(({ signed }) => !signed);
        return left ? EXIT.differs : undefined;
      }),
    );
}

interface WholeRepair extends Repair {
  readonly published: readonly PublishedRepair[];
  /** With --sign: what had no signature. */
  readonly signatures: readonly LateSignature[];
}

/** The database first: what is published is built again from what it knows of the raw files. */
async function repairAll(
  config: Config,
  pipeline: PipelineDefinition,
  asked: { readonly dryRun: boolean; readonly force: boolean; readonly sign: boolean },
  json: boolean | undefined,
): Promise<WholeRepair> {
  const repair = await repairDatabase(config, pipeline, asked);
  const progress = openProgress(json);
  try {
    const watch = { log: openLog(config), progress };
    const published = await repairPublished(config, pipeline, asked, watch);
    const signatures = asked.sign ? await signPublished(config, pipeline, asked) : [];
    return { ...repair, published, signatures };
  } finally {
    progress.stop();
  }
}

function describe(repair: WholeRepair, pipeline: PipelineDefinition): string {
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
    ...repair.published.flatMap(describePublished),
    ...repair.signatures.map(
      ({ period, run, signed }) => `${period} ${run}: ${signed ? SIGNED : NOT_SIGNED}`,
    ),
  ].join("\n");
}

function describePublished(one: PublishedRepair): string[] {
  const { period, run, damaged, state, because, aside } = one;
  return [
    `! ${period} ${run}: 损坏 damaged ${damaged.join(", ")}`,
    ...(because ? [`  无法重建。${because.zh}`, `  It cannot be rebuilt. ${because.en}`] : []),
    ...(state === "repairable" ? [`  ${REPAIRABLE}`] : []),
    ...(state === "repaired" ? [`  ${REPAIRED}`] : []),
    ...(aside ? [`  损坏的文件夹留在 The damaged folder is kept as ${aside}`] : []),
  ];
}

const SIGNED = "没有签名的已按现状签名。It had no signature and is signed as it lies.";
const NOT_SIGNED =
  "没有签名，内容又与自己的清单不符，未签名。It has no signature and is not as its own manifest says, so it is not signed.";
const REPAIRABLE =
  "可由原始文件重建，已试过：与发布时逐字节相同。It can be rebuilt from the raw files; tried, and the same to the byte.";
const REPAIRED =
  "已由原始文件重建，与发布时逐字节相同。Rebuilt from the raw files, the same to the byte.";

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
