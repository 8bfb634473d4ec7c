import { resolve } from "node:path";
import { replicateDraws } from "../replicate-draws.ts";
import {
  act,
  asOfOption,
  type CommonOptions,
  makeCommand,
  periodOption,
  readCount,
  withRequest,
} from "./command.ts";
import { printResult } from "./terminal.ts";

interface ReplicateOptions extends CommonOptions {
  readonly replications?: string;
  readonly draws?: string;
  readonly out?: string;
}

/** `zhengxin replicate`: the ranking under many draws of weights, methods and counts. */
export function replicateCommand() {
  return makeCommand(
    "replicate",
    "Rank a period under many draws of weights, methods and counts; write the draws down, or evaluate draws written down before.",
    [
      "replicate --replications 1000",
      "replicate qingdao --period 2018-12 --out draws",
      "replicate qingdao --period 2018-12 --draws draws --out again",
    ],
  )
    .argument("[pipeline]", "name of a file in pipelines/")
    .addOption(periodOption())
    .addOption(asOfOption())
    .option(
      "--replications <count>",
      "instead of the standard's number; rounded up to an even one",
      readCount,
    )
    .option(
      "--draws <folder>",
      "evaluate the draws-<level>.csv of this folder instead of new draws",
    )
    .option("--out <folder>", "write draws-<level>.csv and scores-<level>.csv into this folder")
    .action(
      act(async (named: string | undefined, options: ReplicateOptions) => {
        const { replications, draws, out } = options;
        const { context, levels } = await withRequest(named, options, (config, request) =>
          replicateDraws(config, request, {
            replications: replications ? Math.ceil(Number(replications) / 2) * 2 : undefined,
            draws: draws && resolve(draws),
            out: out && resolve(out),
          }),
        );
        const value = levels.map(({ level, groups, panel, result }) => ({
          level,
          evaluated: result.evaluated,
          failures: result.failures,
          peer_classes: groups.map(({ peerClass, stated }, place) => ({
            peer_class: peerClass,
            bodies: (result.groups[place]?.summaries.all ?? []).map((own, at) => ({
              entity_id: panel.entity[own.unit],
              rank: stated[at],
              rank_median: own.median,
              rank_low: own.low,
              rank_high: own.high,
              top_three: own.topThree,
              bottom_three: own.bottomThree,
            })),
          })),
        }));
        printResult(options.json, { period: context.period.id, levels: value }, describe(value));
        return undefined;
      }),
    );
}

function describe(
  levels: readonly {
    readonly level: string;
    readonly evaluated: number;
    readonly failures: readonly { readonly message: string; readonly count: number }[];
    readonly peer_classes: readonly {
      readonly peer_class: string;
      readonly bodies: readonly {
        readonly entity_id: string | undefined;
        readonly rank: number | undefined;
        readonly rank_median: number;
        readonly rank_low: number;
        readonly rank_high: number;
        readonly top_three: number;
        readonly bottom_three: number;
      }[];
    }[];
  }[],
): string {
  const lines = ["名次 rank  中位 median  5%–95%  前三 top three  后三 bottom three"];
  for (const { level, evaluated, failures, peer_classes } of levels) {
    const failed = failures.reduce((sum, { count }) => sum + count, 0);
    lines.push("", `${level}: ${evaluated} 次重复 replications, ${failed} 次失败 failed`);
    for (const { message, count } of failures) lines.push(`  ${count} × ${message}`);
    for (const { peer_class, bodies } of peer_classes) {
      lines.push(peer_class);
      for (const body of bodies) {
        lines.push(
          `${String(body.rank).padStart(4)}  ${(body.entity_id ?? "").padEnd(20)} ${body.rank_median.toFixed(1).padStart(6)}  ${body.rank_low.toFixed(1)}–${body.rank_high.toFixed(1)}  ${percent(body.top_three)}  ${percent(body.bottom_three)}`,
        );
      }
    }
  }
  return lines.join("\n");
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)}%`.padStart(4);
}
