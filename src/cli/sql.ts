import { Option } from "commander";
import { findNewerDeliveries, sayNewerDeliveries } from "../newer-deliveries.ts";
import { type Manifest, readManifest } from "../publish/manifest.ts";
import { type Reading, readingOf } from "../publish/reading.ts";
import { databasesFor } from "../query/database-files.ts";
import type { Format } from "../query/frames.ts";
import { openPool, type QueryPool } from "../query/pool.ts";
import { poolOptions } from "../query/pool-options.ts";
import { FOR_OFFICES } from "../standard/audience.ts";
import { findPipeline } from "../standard/workspace.ts";
import { choosePipeline } from "./choose-pipeline.ts";
import {
  act,
  asOfOption,
  type CommonOptions,
  configFor,
  makeCommand,
  periodOption,
} from "./command.ts";
import { findShown } from "./show-published.ts";
import { openShell } from "./sql-shell.ts";
import { drawTable } from "./sql-table.ts";
import { writeAnswerFile, writePieces } from "./write-answer.ts";

const FORMATS = ["table", "csv", "json", "arrow", "parquet"] as const;

interface SqlOptions extends CommonOptions {
  readonly pipeline?: string;
  readonly format: (typeof FORMATS)[number];
  readonly output?: string;
  readonly bom: boolean;
}

/** Somebody to put questions for, at a published period. */
export interface Questioner {
  /** Which period answers, as known when, and whether something newer was delivered. */
  readonly title: string;
  /** Answers a statement in a format, piece by piece. */
  ask(sql: string, format: Format): AsyncGenerator<Uint8Array, boolean>;
}

/** `zhengxin sql`: a question, or a shell for many. */
export function sqlCommand() {
  return makeCommand(
    "sql",
    "Ask a published period by SQL: one statement, or a shell without one.",
    [
      'sql "SELECT name_zh, score FROM rank JOIN entity USING (entity_id) ORDER BY score DESC LIMIT 5"',
      'sql --period 2018-12 --format csv "FROM complaint LIMIT 10"',
      "sql",
    ],
  )
    .argument("[statement]", "one query; without it, on a terminal, a shell is opened")
    .option("--pipeline <name>", "name of a file in pipelines/")
    .addOption(periodOption())
    .addOption(asOfOption())
    .addOption(
      new Option("-f, --format <format>", "how it is answered").choices(FORMATS).default("table"),
    )
    .option("-o, --output <file>", "write the answer to a file")
    .option("--no-bom", "CSV without the byte order mark that Excel needs")
    .action(
      act(async (statement: string | undefined, options: SqlOptions) => {
        const config = configFor(options);
        const pool = openPool({ ...poolOptions(config), spare: false });
        try {
          const questioner = await openQuestioner(config, pool, options);
          if (statement !== undefined) {
            // The answer alone goes to standard output, for other programs.
            process.stderr.write(`${questioner.title}\n`);
            await answer(questioner, statement, options);
          } else await openShell(questioner);
          return undefined;
        } finally {
          pool.close();
        }
      }),
    );
}

async function openQuestioner(
  config: ReturnType<typeof configFor>,
  pool: QueryPool,
  options: SqlOptions,
): Promise<Questioner> {
  const name = choosePipeline(config.workspace, options.pipeline);
  const pipeline = findPipeline(config.workspace, name);
  const { original, folder } = await findShown(config, pipeline, options);
  const manifest = readManifest(original);
  const reading = (await readingOf(config.workspace, folder, FOR_OFFICES)) as Reading;
  const newer = sayNewerDeliveries(await findNewerDeliveries(config, pipeline, manifest), name);
  return {
    title: [sayPeriod(name, manifest), ...(newer ? [newer.zh, newer.en] : [])].join("\n"),
    async *ask(sql, format) {
      const { body } = await pool.run({
        user: "cli",
        files: databasesFor(reading, FOR_OFFICES),
        left: reading,
        sql,
        format,
        byteOrderMark: options.bom,
      });
      for (;;) {
        const step = await body.next();
        if (step.done) return step.value.truncated;
        yield step.value;
      }
    },
  };
}

/** Which period answers, as known when. */
function sayPeriod(pipeline: string, { period, as_of: asOf, run }: Manifest): string {
  return `${pipeline} ${period.id}，截至 ${asOf} 所知 · as known at ${asOf} · run ${run}`;
}

async function answer(questioner: Questioner, sql: string, options: SqlOptions): Promise<void> {
  const format = options.json ? "json" : options.format;
  if (format === "table" && !options.output) {
    process.stdout.write(`${await drawTable(questioner, sql)}\n`);
    return;
  }
  const pieces = questioner.ask(sql, format === "table" ? "csv" : format);
  const cutOff = options.output
    ? await writeAnswerFile(pieces, options.output)
    : await writePieces(pieces, process.stdout);
  if (cutOff) {
    process.stderr.write("结果已按上限截断。The answer was cut off at the most rows or bytes.\n");
  }
}
