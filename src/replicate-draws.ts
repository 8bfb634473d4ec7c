import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import type { Config } from "./config.ts";
import type { Context } from "./context.ts";
import { runStages } from "./run.ts";
import { openContext, type RunRequest } from "./run-context.ts";
import { layOutReplications, type ReplicableLevel } from "./score/replicate-ranks.ts";
import { workOut } from "./score/work-out.ts";
import { dropTemporary } from "./score/write.ts";
import { BYTE_ORDER_MARK, csvLine } from "./spreadsheet.ts";
import { readDraws, tabulateDraws } from "./uncertainty/draw-table.ts";
import { openEvaluator } from "./uncertainty/evaluate-draws.ts";
import { type Replicated, replicate } from "./uncertainty/replicate.ts";
import { readBytes } from "./whole-file.ts";
import { writeWhole } from "./write-whole.ts";

/** What is replicated, and where draws come from and go to. */
export interface ReplicationRequest {
  /** Instead of the standard's number. */
  readonly replications?: number | undefined;
  /** Folder with draws-<level>.csv to be evaluated instead of new draws. */
  readonly draws?: string | undefined;
  /** Folder to write draws-<level>.csv and scores-<level>.csv into. */
  readonly out?: string | undefined;
}

export interface ReplicationOfLevel extends ReplicableLevel {
  readonly result: Replicated;
}

/**
 * Ranks the period under many draws, and on demand writes the draws and the scores of each down, or takes the draws from
 * files written before: the same draws give the same scores.
 * @throws Error in a sentence when the standard has no `uncertainty`, or a file of draws does not fit it
 */
export async function replicateDraws(
  config: Config,
  request: RunRequest,
  { replications, draws, out }: ReplicationRequest,
): Promise<{ context: Context; levels: ReplicationOfLevel[] }> {
  const opened = await openContext(config, request);
  try {
    if (!opened.standard.uncertainty) {
      throw new Error(
        `The standard ${opened.standard.id} has no "uncertainty", so there is nothing to vary. Write the block into ${opened.standard.file}; docs/method.md explains it.`,
      );
    }
    const { context } = await runStages(opened, "pull", "measure");
    const worked = await workOut(context);
    const laidOut = await layOutReplications(context, worked, replications);
    await dropTemporary(context);
    const levels = laidOut.map((level): ReplicationOfLevel => {
      const chosen = draws === undefined ? level : takeDraws(level, draws);
      if (out !== undefined) writeDraws(chosen, out);
      return {
        ...chosen,
        result: replicate(chosen.ground, chosen.design, level.groups, level.settle),
      };
    });
    return { context, levels };
  } finally {
    opened.store.close();
  }
}

function takeDraws(level: ReplicableLevel, folder: string): ReplicableLevel {
  const file = join(folder, `draws-${level.level}.csv`);
  const records = parse(readBytes(file), { columns: true, bom: true }) as Record<string, string>[];
  const { ways, specification } = level.ground;
  try {
    const design = readDraws(records, ways, specification.tree);
    return { ...level, design, ground: { ...level.ground, multipliers: design.multipliers } };
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}

/** Writes the draws, and beside them the scores of every ranked body in each; a draw that fails has none. */
function writeDraws(level: ReplicableLevel, folder: string): void {
  const { ground, design, groups, panel, settle } = level;
  mkdirSync(folder, { recursive: true });
  const table = tabulateDraws(design, ground.ways, ground.specification.tree);
  writeWhole(join(folder, `draws-${level.level}.csv`), toCsv(table));
  const units = groups.flatMap((group) => [...group.units]);
  const { evaluate } = openEvaluator(ground);
  const scores = design.draws.map((draw) => {
    const cells = [draw.part, String(draw.number)];
    try {
      const own = evaluate(draw).slice();
      settle(own);
      return [...cells, ...units.map((unit) => String(own[unit]))];
    } catch {
      return [...cells, ...units.map(() => "")];
    }
  });
  const head = ["part", "number", ...units.map((unit) => panel.entity[unit] as string)];
  writeWhole(join(folder, `scores-${level.level}.csv`), toCsv([head, ...scores]));
}

const toCsv = (rows: readonly (readonly string[])[]) =>
  BYTE_ORDER_MARK + rows.map(csvLine).join("");
