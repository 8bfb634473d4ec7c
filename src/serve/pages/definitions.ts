import { LRUCache } from "lru-cache";
import type { Bilingual } from "../../publish/report.ts";
import { describeNormalisation } from "../../publish/words.ts";
import { type EvaluationStandard, readStandard } from "../../standard/evaluation-standard.ts";
import { fileIdOf } from "../../standard/indicator-family.ts";
import type { IndicatorFile } from "../../standard/indicator-file.ts";
import { readIndicators } from "../../standard/workspace.ts";

const HOLDS_MS = 10_000;
const held = new LRUCache<string, ReadonlyMap<string, IndicatorFile>>({ max: 4, ttl: HOLDS_MS });

/** The indicators' definitions as they are in the workspace now; none while one of them is being edited. */
export function definitionsOf(workspace: string): ReadonlyMap<string, IndicatorFile> {
  const known = held.get(workspace);
  if (known) return known;
  let found: ReadonlyMap<string, IndicatorFile>;
  try {
    found = readIndicators(workspace);
  } catch {
    // What is published does not hang on it: the pages then say that the definition is not at hand.
    found = new Map();
  }
  held.set(workspace, found);
  return found;
}

const standards = new LRUCache<string, { readonly found: EvaluationStandard | undefined }>({
  max: 20,
  ttl: HOLDS_MS,
});

/** A standard as it is in the workspace now; undefined where it cannot be read. */
function standardOf(workspace: string, id: string): EvaluationStandard | undefined {
  const key = `${workspace}\n${id}`;
  const known = standards.get(key);
  if (known) return known.found;
  let found: EvaluationStandard | undefined;
  try {
    found = readStandard(workspace, id, definitionsOf(workspace));
  } catch {
    // Codes say the same, if less kindly.
  }
  standards.set(key, { found });
  return found;
}

/** What a standard calls categories of evidence, as it is in the workspace now; nothing where it cannot be read. */
export function categoryNamesOf(
  workspace: string,
  standard: string,
): Readonly<Record<string, Bilingual>> {
  return standardOf(workspace, standard)?.category_names ?? {};
}

/** The normalisations of a standard in words, by their names; none of one that is not the standard of that hash any more. */
export function normalisationsOf(
  workspace: string,
  { id, sha256 }: { readonly id: string; readonly sha256: string },
): ReadonlyMap<string, Bilingual> {
  const standard = standardOf(workspace, id);
  if (standard?.hash !== sha256) return new Map();
  return new Map(
    Object.entries(standard.normalisations).map(([name, one]) => [
      name,
      describeNormalisation(one),
    ]),
  );
}

/** The file an indicator comes from; a member of a family has its family's. */
export function definitionOf(workspace: string, id: string): IndicatorFile | undefined {
  const all = definitionsOf(workspace);
  return all.get(fileIdOf(all, id));
}
