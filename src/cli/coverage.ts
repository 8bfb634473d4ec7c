import { measureAside } from "../measure-aside.ts";
import { sqlFile } from "../store/sql-file.ts";
import {
  act,
  asOfOption,
  type CommonOptions,
  makeCommand,
  periodOption,
  withRequest,
} from "./command.ts";
import { padColumns, printResult } from "./terminal.ts";

const sql = sqlFile(import.meta.dirname, "cli.sql");

interface Covered {
  readonly indicator_id: string;
  readonly level: string;
  readonly entities: number;
  readonly assessed: number;
  readonly not_applicable: number;
  readonly too_few: number;
  readonly no_data: number;
  readonly sample_size: number;
  readonly excluded: number;
  readonly undelivered: number;
}

/** `zhengxin coverage`: which indicators the data held can feed, and for whom. */
export function coverageCommand() {
  return makeCommand(
    "coverage",
    "Show which indicators can be computed from the data held, and for how many entities of each level.",
    ["coverage", "coverage qingdao --period 2018-12 --json"],
  )
    .argument("[pipeline]", "name of a file in pipelines/")
    .addOption(periodOption())
    .addOption(asOfOption())
    .action(
      act(async (named: string | undefined, options: CommonOptions) => {
        const context = await withRequest(named, options, measureAside);
        try {
          const rows = await context.store.rows<Covered>(sql("coverage"), {
            run_id: context.runId,
            period: context.period.id,
          });
          if (rows.length === 0) {
            throw new Error(
              `No body of ${context.pipeline.pipeline} is known at ${context.asOf}, so nothing can be computed for anyone. Load data first: "zhengxin run ${context.pipeline.pipeline}".`,
            );
          }
          printResult(
            options.json,
            { pipeline: context.pipeline.pipeline, period: context.period.id, coverage: rows },
            describeCoverage(rows),
          );
        } finally {
          context.store.close();
        }
        return undefined;
      }),
    );
}

function describeCoverage(rows: readonly Covered[]): string {
  const heading = [
    "entities",
    "assessed",
    "n/a",
    "too few",
    "no data",
    "sample",
    "excluded",
    "undeliv.",
  ];
  return [
    `${padColumns("指标 indicator", 42)}${padColumns("level", 12)}${heading.map((text) => text.padStart(10)).join("")}`,
    ...rows.map(
      (row) =>
        padColumns(row.indicator_id, 42) +
        padColumns(row.level, 12) +
        [
          row.entities,
          row.assessed,
          row.not_applicable,
          row.too_few,
          row.no_data,
          row.sample_size,
          row.excluded,
          row.undelivered,
        ]
          .map((count) => count.toLocaleString("en-US").padStart(10))
          .join(""),
    ),
  ].join("\n");
}
