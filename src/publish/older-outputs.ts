import { join } from "node:path";
import {
  type Audience,
  audienceOfIndicator,
  audienceOfWarnings,
  isWithin,
} from "../standard/audience.ts";
import { type EvaluationStandard, readStandard } from "../standard/evaluation-standard.ts";
import { resolveIndicator } from "../standard/indicator-family.ts";
import type { IndicatorFile } from "../standard/indicator-file.ts";
import { readIndicator } from "../standard/indicator-file.ts";
import { listParts, readLists } from "../standard/list-definition.ts";
import { readWarnings } from "../standard/warning-definition.ts";
import { findPipeline, listFiles } from "../standard/workspace.ts";
import { addComplements, type ScoredNode } from "./complement.ts";
import type { Manifest } from "./manifest.ts";
import type { Output } from "./outputs.ts";

type Older = Pick<Manifest, "indicators" | "warnings" | "lists" | "standard" | "pipeline">;

/**
 * Audiences of the outputs of a month whose manifest says nothing of them, by the definitions of today. What cannot be told, because a
 * definition is gone or faulty, is for the offices. What follows from the rest is kept back too.
 * @param trees of the month itself (published-trees.ts); without them that of the standard as it is today
 */
export function listOlderOutputs(
  workspace: string,
  manifest: Older,
  trees?: readonly (readonly ScoredNode[])[],
): Output[] {
  const indicators = readSound(workspace);
  const audienceOf = (id: string): Audience => {
    const indicator = resolveIndicator(indicators, id);
    return indicator ? audienceOfIndicator(indicator) : "internal";
  };
  const standard = attempt(() => readStandard(workspace, manifest.standard.id, indicators));
  const outputs: Output[] = [
    ...Object.keys(manifest.indicators ?? {}).map(
      (id): Output => ({ kind: "indicator", id, audience: audienceOf(id) }),
    ),
    ...rulesOf(standard).map(
      ({ id, indicator }): Output => ({ kind: "rule", id, audience: audienceOf(indicator) }),
    ),
    ...Object.keys(manifest.warnings ?? {}).map((id): Output => {
      const audience = attempt(() => audienceOfWarnings(readWarnings(workspace, id)));
      return { kind: "warnings", id, audience: audience ?? "internal" };
    }),
    ...(readOlderLists(workspace, manifest, standard) ?? []),
  ];
  const published = trees ?? (standard ? treesOf(standard) : []);
  return addComplements(outputs, published, standard ?? { indicators: [] });
}

/** Whether every list of a month without audiences is public by the definitions of today. */
export function areListsPublic(workspace: string, manifest: Older): boolean {
  if (!manifest.lists) return true;
  const indicators = readSound(workspace);
  const standard = attempt(() => readStandard(workspace, manifest.standard.id, indicators));
  const lists = readOlderLists(workspace, manifest, standard);
  return lists?.every(({ audience }) => isWithin(audience, "public")) ?? false;
}

/** Undefined where they cannot be told. */
function readOlderLists(
  workspace: string,
  { lists, pipeline }: Older,
  standard: EvaluationStandard | undefined,
): Output[] | undefined {
  if (!lists) return [];
  const found = attempt(
    () =>
      standard &&
      readLists(workspace, lists.id, standard, findPipeline(workspace, pipeline).division),
  );
  return (
    found &&
    listParts(found).map(({ id, audience = "public" }): Output => ({ kind: "list", id, audience }))
  );
}

/** Indicators whose files can be read. */
function readSound(workspace: string): Map<string, IndicatorFile> {
  const folder = join(workspace, "metrics", "indicators");
  const found = attempt(() => listFiles(folder, ".sql")) ?? [];
  return new Map(
    found.flatMap((file) => {
      const id = file.slice(0, -".sql".length);
      const indicator = attempt(() => readIndicator(join(folder, file), id));
      return indicator ? [[id, indicator] as const] : [];
    }),
  );
}

function rulesOf(standard: EvaluationStandard | undefined) {
  if (!standard) return [];
  return [...standard.deductions, ...standard.bonuses, ...standard.vetoes];
}

/** The indicators of each level and the nodes above them. */
function treesOf({ levels, nodes, indicators }: EvaluationStandard): ScoredNode[][] {
  const parentOf = new Map(nodes.map(({ id, parent }) => [id, parent]));
  return Object.keys(levels).map((level) => {
    const own = indicators.filter(({ weight }) => weight[level]);
    const above = new Set<string>();
    for (const { parent } of own) {
      for (let id: string | undefined = parent; id !== undefined; id = parentOf.get(id)) {
        above.add(id);
      }
    }
    return [
      ...nodes
        .filter(({ id }) => above.has(id))
        .map(({ id, parent }): ScoredNode => ({ id, parent: parent ?? null, leaf: false })),
      ...own.map(({ indicator, parent }): ScoredNode => ({ id: indicator, parent, leaf: true })),
    ];
  });
}

/** What a definition says; undefined where it is gone, or being edited. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
