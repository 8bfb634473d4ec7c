import { LRUCache } from "lru-cache";
import type { Bilingual } from "../../publish/report.ts";
import { readStandard } from "../../standard/evaluation-standard.ts";
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

const names = new LRUCache<string, Readonly<Record<string, Bilingual>>>({ max: 20, ttl: HOLDS_MS });

/** What a standard calls categories of evidence, as it is in the workspace now; nothing where it cannot be read. */
export function categoryNamesOf(
  workspace: string,
  standard: string,
): Readonly<Record<string, Bilingual>> {
  const key = `${workspace}\n${standard}`;
  const known = names.get(key);
  if (known) return known;
  let found: Readonly<Record<string, Bilingual>> = {};
  try {
    found = readStandard(workspace, standard, definitionsOf(workspace)).category_names;
  } catch {
    // Codes say the same, if less kindly.
  }
  names.set(key, found);
  return found;
}

/** The file an indicator comes from; a member of a family has its family's. */
export function definitionOf(workspace: string, id: string): IndicatorFile | undefined {
  const all = definitionsOf(workspace);
  return all.get(fileIdOf(all, id));
}
