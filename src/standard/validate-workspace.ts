import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Store } from "../store/store.ts";
import { findAudienceFaults } from "./audience-faults.ts";
import { findCalendarFaults } from "./calendar-faults.ts";
import { type EvaluationStandard, namedIndicatorIds, readStandard } from "./evaluation-standard.ts";
import { examineIndicator } from "./examine-indicator.ts";
import { findRateFaults } from "./exchange-rates.ts";
import { readLackingColumns } from "./indicator-columns.ts";
import { fileIdOf, resolveIndicator } from "./indicator-family.ts";
import { type IndicatorFile, readIndicator } from "./indicator-file.ts";
import { findLawFaults } from "./law-faults.ts";
import { readLaws } from "./law-register.ts";
import { type ListDefinition, readLists } from "./list-definition.ts";
import { readMap } from "./map-file.ts";
import { measuredIndicators } from "./measured-indicators.ts";
import { type PipelineDefinition, readPipeline } from "./pipeline-definition.ts";
import { readRuleFile } from "./record-rules.ts";
import { readSource } from "./source-definition.ts";
import { findUnnamed } from "./unnamed-definitions.ts";
import { readWarnings, type WarningDefinition } from "./warning-definition.ts";
import { listFiles } from "./workspace.ts";
import { DefinitionError, type Fault, faultAt } from "./yaml-document.ts";

/** What was read, and every fault found. */
export interface Validation {
  readonly counts: {
    readonly pipelines: number;
    readonly sources: number;
    readonly standards: number;
    readonly indicators: number;
    readonly checks: number;
    readonly warnings: number;
    readonly lists: number;
    readonly rules: number;
  };
  readonly faults: readonly Fault[];
}

/** A further examination of one definition file against the database's catalogue; none: no faults. */
export type Examination = (file: string) => Promise<readonly Fault[]>;

/**
 * Reads every definition of a workspace and gathers all faults rather than stopping at the first.
 * @param store an empty database with the newest schema, to prepare the SQL against
 * @param examine what the stages know about their own files
 */
export async function validateWorkspace(
  workspace: string,
  store: Store,
  examine: { readonly source: Examination; readonly check: Examination },
): Promise<Validation> {
  const faults: Fault[] = [];
  const collect = async <T>(work: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof DefinitionError) faults.push(...error.faults);
      else throw error;
      return undefined;
    }
  };
  const folder = (...parts: string[]) => join(workspace, ...parts);

  const indicators = new Map<string, IndicatorFile>();
  const indicatorFiles = listFiles(folder("metrics", "indicators"), ".sql");
  const lacking = await readLackingColumns(store);
  for (const name of indicatorFiles) {
    const file = folder("metrics", "indicators", name);
    const id = name.slice(0, -".sql".length);
    const indicator = await collect(() => readIndicator(file, id));
    if (!indicator) continue;
    indicators.set(id, indicator);
    // A family is examined by what any member of it would be.
    const examined = indicator.family ? resolveIndicator(indicators, `${id}/member`) : indicator;
    if (examined) faults.push(...(await examineIndicator(store, examined, lacking)));
  }

  const sources = new Set<string>();
  const sourceFiles = listFiles(folder("pipelines", "sources"), ".yaml");
  for (const name of sourceFiles) {
    const file = folder("pipelines", "sources", name);
    // Named even when faulty: a pipeline that uses it has no fault of its own.
    sources.add(nameOf(name));
    const source = await collect(() => readSource(file));
    if (!source) continue;
    if (source.value.source !== nameOf(name)) {
      faults.push(
        source.fault(
          ["source"],
          `the source calls itself "${source.value.source}", but its file is ${name}`,
        ),
      );
    }
    const { connector } = source.value;
    if (connector.type === "folder" && !existsSync(folder(connector.path))) {
      faults.push(
        source.fault(
          ["connector", "path"],
          `there is no folder ${connector.path}; make it or name another`,
        ),
      );
    }
    faults.push(...((await collect(() => examine.source(file))) ?? []));
  }

  const standards = listFiles(folder("metrics", "standards"), ".yaml");
  const used = new Set<string>();
  const readable = new Map<string, EvaluationStandard>();
  for (const name of standards) {
    const standard = await collect(() => readStandard(workspace, nameOf(name), indicators));
    if (standard) readable.set(nameOf(name), standard);
    for (const id of standard ? namedIndicatorIds(standard) : [])
      used.add(fileIdOf(indicators, id));
  }
  // While a standard is faulty it cannot be told which indicators it would have used.
  if (faults.length === 0) {
    for (const { id, file } of indicators.values()) {
      if (!used.has(id)) {
        faults.push(
          faultAt(
            file,
            `no standard gives the indicator "${id}" a weight, deduction, bonus or veto, or says under "unweighted" why not`,
          ),
        );
      }
    }
  }

  const warnings = listFiles(folder("metrics", "warnings"), ".yaml").map(nameOf);
  const warned = new Map<string, readonly string[]>();
  const warning = new Map<string, WarningDefinition>();
  for (const id of warnings) {
    const read = await collect(() => readWarnings(workspace, id));
    if (read) warning.set(id, read);
    warned.set(
      id,
      (read?.series ?? []).flatMap((one) => (one.from === "indicator" ? [one.indicator] : [])),
    );
    for (const series of read?.series ?? []) {
      if (series.from === "indicator" && !indicators.has(series.indicator)) {
        faults.push(
          faultAt(
            read?.file ?? "",
            `the series "${series.id}" names the indicator "${series.indicator}", which is not in metrics/indicators`,
          ),
        );
      }
    }
  }

  const lists = listFiles(folder("metrics", "lists"), ".yaml").map(nameOf);
  const rules = listFiles(folder("metrics", "rules"), ".yaml").map(nameOf);
  /** Those with limits in working days. */
  const limiting = new Set<string>();
  for (const id of rules) {
    const read = await collect(() => readRuleFile(workspace, id));
    if (read && read.objections.length > 0) limiting.add(id);
  }

  const laws = (await collect(() => readLaws(workspace))) ?? { laws: [], hash: "" };
  const pipelines = listFiles(folder("pipelines"), ".yaml").filter((name) => !name.includes("/"));
  const sound: PipelineDefinition[] = [];
  for (const name of pipelines) {
    const file = folder("pipelines", name);
    const pipeline = await collect(() => readPipeline(file));
    if (!pipeline) continue;
    const { value, fault } = pipeline;
    sound.push(value);
    if (!isTimeZone(value.time_zone)) {
      faults.push(fault(["time_zone"], `there is no time zone "${value.time_zone}"`));
    }
    value.sources.forEach((id, index) => {
      if (!sources.has(id)) {
        faults.push(fault(["sources", index], `there is no source "${id}" in pipelines/sources`));
      }
    });
    if (!standards.includes(`${value.standard}.yaml`)) {
      faults.push(
        fault(["standard"], `there is no standard "${value.standard}" in metrics/standards`),
      );
    }
    (value.warnings ?? []).forEach((id, index) => {
      if (!warnings.includes(id)) {
        faults.push(
          fault(["warnings", index], `there are no warning rules "${id}" in metrics/warnings`),
        );
      }
    });
    const standard = readable.get(value.standard);
    const drawn: ListDefinition[] = [];
    for (const id of value.lists ?? []) {
      if (!lists.includes(id)) {
        faults.push(fault(["lists"], `there are no list rules "${id}" in metrics/lists`));
      } else if (standard) {
        const read = await collect(() => readLists(workspace, id, standard, value.division));
        if (read) drawn.push(read);
      }
    }
    if (standard) {
      const own = (value.warnings ?? []).flatMap((id) => warning.get(id) ?? []);
      faults.push(...findAudienceFaults(indicators, own, drawn, standard));
    }
    (value.rules ?? []).forEach((id, index) => {
      if (!rules.includes(id)) {
        faults.push(fault(["rules", index], `there are no rules "${id}" in metrics/rules`));
      }
    });
    faults.push(
      ...findLawFaults(
        workspace,
        value,
        laws,
        readable.get(value.standard),
        measuredIndicators(value, indicators, readable, warned).map(({ indicator }) => indicator),
      ),
    );
    faults.push(...findRateFaults(workspace, pipeline));
    const { map } = value.report;
    if (map) {
      try {
        readMap(folder(map));
      } catch (error) {
        faults.push(fault(["report", "map"], (error as Error).message));
      }
    }
    faults.push(
      ...findCalendarFaults(workspace, pipeline, {
        indicators: measuredIndicators(value, indicators, readable, warned),
        rules: (value.rules ?? []).flatMap((id, index) =>
          limiting.has(id) ? [{ by: ["rules", index], id }] : [],
        ),
      }),
    );
  }

  if (faults.length === 0)
    faults.push(...findUnnamed(workspace, sound, { warnings, lists, rules }));

  const checks = listFiles(folder("metrics", "checks"), ".sql");
  for (const name of checks) {
    const file = folder("metrics", "checks", name);
    faults.push(...((await collect(() => examine.check(file))) ?? []));
  }
  return {
    counts: {
      pipelines: pipelines.length,
      sources: sourceFiles.length,
      standards: standards.length,
      indicators: indicatorFiles.length,
      checks: checks.length,
      warnings: warnings.length,
      lists: lists.length,
      rules: rules.length,
    },
    faults: onlyOnce(faults),
  };
}

/** Faults of a file that several pipelines use are one. */
function onlyOnce(faults: readonly Fault[]): Fault[] {
  return [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()];
}

function nameOf(file: string): string {
  return (file.split("/").at(-1) as string).slice(0, -".yaml".length);
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
