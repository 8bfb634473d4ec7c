import type { Context } from "./context.ts";
import { type Period, shiftPeriod } from "./period.ts";
import type { Bilingual } from "./standard/bilingual.ts";
import { listByAnalogy, reachOf, readOn } from "./standard/by-analogy.ts";
import { readStandard } from "./standard/evaluation-standard.ts";
import { readLaws } from "./standard/law-register.ts";
import { type ListDefinition, readLists } from "./standard/list-definition.ts";
import type { PipelineDefinition } from "./standard/pipeline-definition.ts";
import { listIndicators } from "./standard/standard-indicators.ts";
import { readWarnings, type WarningDefinition } from "./standard/warning-definition.ts";
import { findSources, readIndicators } from "./standard/workspace.ts";

type Place = Pick<Context, "workspace" | "pipeline" | "period" | "standard">;

/** The warning rules of a pipeline, as they are to be read in the period: what they rest on by analogy says so. */
export function warningsOf(context: Omit<Place, "standard">): WarningDefinition[] {
  const { workspace, pipeline } = context;
  return (pipeline.warnings ?? []).map((id) => inPeriod(readWarnings(workspace, id), context));
}

/** The list rules of a pipeline, as they are to be read in the period; undefined when it draws up no lists in it. */
export function listsOf(context: Place): ListDefinition | undefined {
  const { workspace, pipeline, period, standard } = context;
  for (const id of pipeline.lists ?? []) {
    const lists = readLists(workspace, id, standard, pipeline.division);
    const { from, to } = lists.effective ?? {};
    // A period in which one set of rules gives way to another goes by the one that holds at its end.
    const holds = (from ?? "") <= period.end && (to === undefined || period.end <= to);
    if (holds) return inPeriod(lists, context);
  }
  return undefined;
}

/** A definition as it is to be read in a period: what it rests on by analogy says so. */
export function inPeriod<T>(
  definition: T,
  { workspace, pipeline, period }: Omit<Place, "standard">,
): T {
  return readOn(definition, readLaws(workspace), period.end, pipeline.division);
}

/**
 * The laws that a period's standard, indicators, warnings and lists rest on by analogy. Rules of records go by the date of each
 * record's document and say it beside the record.
 */
export function namesByAnalogy(context: Place & Pick<Context, "indicators">): Bilingual[] {
  const { workspace, pipeline, period, standard, indicators } = context;
  const definitions = [standard, indicators, warningsOf(context), listsOf(context)];
  const reach = reachOf(period.end, pipeline.division);
  return listByAnalogy(definitions, readLaws(workspace), reach).map(({ title }) => title);
}

/** What a run of a period goes by. */
export type RunDefinitions = Pick<
  Context,
  "workspace" | "pipeline" | "sources" | "standard" | "indicators" | "period" | "periods"
>;

/**
 * Reads what a run of a pipeline's period goes by: its sources, its standard and that one's indicators, as they are to be read in
 * the period, and the periods before it that it looks at.
 * @param standard id, or file ending in .yaml, of a standard to go by
 * @throws DefinitionError
 */
export function readDefinitionsOf(
  workspace: string,
  pipeline: PipelineDefinition,
  period: Period,
  standard: string = pipeline.standard,
): RunDefinitions {
  const question = { workspace, pipeline, period };
  const sources = findSources(workspace, pipeline);
  const known = readIndicators(workspace);
  const dated = inPeriod(readStandard(workspace, standard, known), question);
  const indicators = [...listIndicators(dated, known)].map(
    ([id, indicator]) => [id, inPeriod(indicator, question)] as const,
  );
  const periods = Array.from({ length: pipeline.history + 1 }, (_, index) =>
    shiftPeriod(period, index - pipeline.history),
  );
  return {
    workspace,
    pipeline,
    period,
    sources,
    standard: dated,
    indicators: new Map(indicators),
    periods,
  };
}
