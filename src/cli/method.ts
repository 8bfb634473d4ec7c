import { resolve } from "node:path";
import type { OneCase } from "../method/one-case.ts";
import { examineMethod, type MethodReport, writeMethodReport } from "../method-report.ts";
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

interface MethodOptions extends CommonOptions {
  readonly standard?: string;
  readonly replications?: string;
  readonly out?: string;
}

/** `zhengxin method`: the method report. */
export function methodCommand() {
  return makeCommand(
    "method",
    "Write the method report: weights in effect, correlation and redundancy, reliability, the ranking without each indicator, what one case can do, uncertainty.",
    [
      "method",
      "method qingdao --period 2018-12 --replications 2000",
      "method connecticut --out connecticut.html",
    ],
  )
    .argument("[pipeline]", "name of a file in pipelines/")
    .addOption(periodOption())
    .addOption(asOfOption())
    .option(
      "--standard <name>",
      "another standard than the pipeline's: a name or a file ending in .yaml",
    )
    .option(
      "--replications <count>",
      "instead of the standard's number; rounded up to an even one",
      readCount,
    )
    .option(
      "--out <file>",
      "where to write the page; default: method/<pipeline>/<period>.html in the jurisdiction's folder",
    )
    .action(
      act(async (named: string | undefined, options: MethodOptions) => {
        const count = options.replications
          ? Math.ceil(Number(options.replications) / 2) * 2
          : undefined;
        const report = await withRequest(named, options, (config, request) =>
          examineMethod(
            config,
            {
              ...request,
              standard: options.standard?.endsWith(".yaml")
                ? resolve(options.standard)
                : options.standard,
            },
            count,
          ),
        );
        const file = writeMethodReport(report, options.out && resolve(options.out));
        printResult(
          options.json,
          { file, levels: summarise(report) },
          `方法报告 Method report: ${file}`,
        );
        return undefined;
      }),
    );
}

/** The figures of the report, for other programs. */
function summarise({ levels }: MethodReport) {
  return levels.map(({ level, groups, panel, examination, fragility, replicated }) => ({
    level,
    weights: Object.fromEntries(examination.weights),
    pairs: examination.pairs,
    reliabilities: examination.reliabilities,
    removals: groups.map(({ peerClass }, place) => ({
      peer_class: peerClass,
      indicators: (examination.removals[place] ?? []).map(
        ({ indicator, meanShift, largestShift }) => ({
          indicator,
          mean_shift: meanShift,
          largest_shift: largestShift,
        }),
      ),
    })),
    ...summariseFragility({ groups, panel, fragility }),
    failures: replicated?.failures ?? [],
    sensitivities: replicated?.groups.map(({ sensitivities }, place) => ({
      peer_class: groups[place]?.peerClass,
      factors: sensitivities.filter((one) => one.place < 0),
    })),
  }));
}

/** What one case can do and what else makes ranks fragile, of one level. */
function summariseFragility({
  groups,
  panel,
  fragility,
}: Pick<MethodReport["levels"][number], "groups" | "panel" | "fragility">) {
  const list = (tried: readonly OneCase[]) =>
    tried.map(({ kind, change, effects }) => ({
      counts_in: kind.parts,
      change,
      records: [...kind.cases.values()].reduce((sum, count) => sum + count, 0),
      bodies: effects.map(({ row, points, places }) => ({
        entity_id: panel.entity[row],
        points: Number.isNaN(points) ? null : points,
        ranks: places,
      })),
    }));
  return {
    one_case: list(fragility.tried),
    one_case_by_indicator: list(fragility.alone),
    shared_records: fragility.shared,
    counted_twice: fragility.twice,
    fragility: groups.map(({ peerClass }, place) => {
      const found = fragility.firstPlaces[place];
      return {
        peer_class: peerClass,
        small_sample_share: fragility.smallSamples[place],
        first_place: found && {
          first: panel.entity[found.first],
          second: panel.entity[found.second],
          gap: found.gap,
          one_case: found.oneCase,
          ahead: found.ahead,
          firm: found.firm,
        },
      };
    }),
  };
}
