import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ScoredNode } from "./complement.ts";

/**
 * The nodes that have a score in a published run, of every body in every period, each combination once.
 * @param run folder of a published run of any layout
 * @returns undefined where its nodes are not there
 */
export async function readTrees(run: string): Promise<ScoredNode[][] | undefined> {
  const file = join(run, "data", "node.arrow");
  if (!existsSync(file)) return undefined;
  // The library takes a while to load, and few months are of an older program.
  const { tableFromIPC } = await import("apache-arrow");
  const table = tableFromIPC(await readFile(file));
  const column = (name: string) => table.getChild(name);
  const [period, body, id, level, parent, score] = [
    "period",
    "entity_id",
    "node_id",
    "node_level",
    "parent_node",
    "score",
  ].map(column);
  const trees = new Map<string, ScoredNode[]>();
  for (let row = 0; row < table.numRows; row++) {
    if (score?.get(row) == null) continue;
    const whose = `${period?.get(row)} ${body?.get(row)}`;
    const tree = trees.get(whose) ?? [];
    tree.push({
      id: id?.get(row),
      parent: parent?.get(row) ?? null,
      leaf: level?.get(row) === "indicator",
    });
    trees.set(whose, tree);
  }
  const kinds = new Map(
    [...trees.values()].map((tree) => {
      const ordered = tree.toSorted((a, b) => (a.id < b.id ? -1 : 1));
      return [JSON.stringify(ordered), ordered];
    }),
  );
  return [...kinds].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, tree]) => tree);
}
