import type { Context } from "./context.ts";
import { readOn } from "./standard/by-analogy.ts";
import { readLaws } from "./standard/law-register.ts";
import { type ListDefinition, readLists } from "./standard/list-definition.ts";
import { readWarnings, type WarningDefinition } from "./standard/warning-definition.ts";

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
