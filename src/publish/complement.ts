import type { Context } from "../context.ts";
import { AUDIENCES, type Audience, isWithin } from "../standard/audience.ts";
import type { EvaluationStandard } from "../standard/evaluation-standard.ts";
import { sqlFile } from "../store/sql-file.ts";
import { listOutputs, type Output } from "./outputs.ts";

const sql = sqlFile(import.meta.dirname, "complement.sql");

/** A node of a body's tree that has a score. */
export interface ScoredNode {
  readonly id: string;
  readonly parent: string | null;
  /** An indicator. */
  readonly leaf: boolean;
}

/** Every output of a scored run and for whom it is: as the definitions say, and what has to be kept back besides. */
export async function decideOutputs(context: Context): Promise<Output[]> {
  const { store, runId, standard } = context;
  const stated = listOutputs(context);
  if (stated.every(({ kind, audience }) => kind !== "indicator" || audience === "public")) {
    return stated;
  }
  const rows = await store.rows<{ tree: string }>(sql("trees"), { run_id: runId });
  const trees = rows.map(({ tree }) => JSON.parse(tree) as ScoredNode[]);
  return addComplements(stated, trees, standard);
}

/**
 * Outputs with what has to be kept back besides: where a reader is shown the score of a node and those of all of its children but one,
 * that one's follows from them. So where one alone is kept from an audience, another indicator is kept back with it, as statistical
 * offices do (secondary suppression): one of the same node, the least by weight; else one below it; else the node's own score too.
 * @param trees of every body and period, each kind once
 */
export function addComplements(
  stated: readonly Output[],
  trees: readonly (readonly ScoredNode[])[],
  { indicators }: Pick<EvaluationStandard, "indicators">,
): Output[] {
  const weights = new Map(
    indicators.map(({ indicator, weight }) => [indicator, Math.min(...Object.values(weight))]),
  );
  const added = complement(trees, stated, weights);
  const raised = new Map(added.map((one) => [one.id, one]));
  const known = new Set(stated.map(({ id }) => id));
  return [
    ...stated.map((one) => (one.kind === "indicator" ? (raised.get(one.id) ?? one) : one)),
    ...added.filter(({ id }) => !known.has(id)),
  ];
}

/**
 * @param trees of every body and period, each kind once
 * @param weights of indicators: the least is kept back first
 */
export function complement(
  trees: readonly (readonly ScoredNode[])[],
  outputs: readonly Output[],
  weights: ReadonlyMap<string, number>,
): Output[] {
  const held = new Map<string, Audience>(
    outputs.flatMap(({ kind, id, audience }) => (kind === "indicator" ? [[id, audience]] : [])),
  );
  const added = new Map<string, Audience>();
  for (const limit of AUDIENCES.slice(0, -1).toReversed()) {
    const isHidden = (id: string) => !isWithin(added.get(id) ?? held.get(id) ?? "public", limit);
    for (const tree of trees) {
      for (
        let found = keepBack(tree, isHidden, weights);
        found;
        found = keepBack(tree, isHidden, weights)
      ) {
        const audience = added.get(found.alone) ?? (held.get(found.alone) as Audience);
        for (const id of found.ids) added.set(id, audience);
      }
    }
  }
  return [...added].map(([id, audience]) => ({ kind: "indicator", id, audience }));
}

/** The first that is alone in being hidden among its parent's children, and what is to be hidden with it. */
function keepBack(
  tree: readonly ScoredNode[],
  isHidden: (id: string) => boolean,
  weights: ReadonlyMap<string, number>,
): { readonly alone: string; readonly ids: readonly string[] } | undefined {
  const childrenOf = (id: string) => tree.filter(({ parent }) => parent === id);
  const lightest = (leaves: readonly ScoredNode[]) =>
    leaves.toSorted(
      (a, b) => (weights.get(a.id) ?? 0) - (weights.get(b.id) ?? 0) || (a.id < b.id ? -1 : 1),
    )[0];
  for (const node of tree) {
    if (node.leaf || isHidden(node.id)) continue;
    const children = childrenOf(node.id);
    const [alone, ...more] = children.filter(({ id }) => isHidden(id));
    if (!alone || more.length > 0) continue;
    const open = children.filter(({ id }) => id !== alone.id);
    const below = (from: readonly ScoredNode[]): ScoredNode[] =>
      from.flatMap((one) => (one.leaf ? [one] : below(childrenOf(one.id))));
    const other =
      lightest(open.filter(({ leaf }) => leaf)) ??
      lightest(below(open).filter(({ id }) => !isHidden(id)));
    if (other) return { alone: alone.id, ids: pathOf(tree, other, node.id) };
    // Where nothing but hidden indicators stands below it, a node's score tells what they came to together.
    if (open[0]) return { alone: alone.id, ids: [open[0].id] };
    // The score of the whole is public: where it is one indicator's, nothing can keep that back.
    if (node.parent !== null) return { alone: alone.id, ids: [node.id] };
  }
  return undefined;
}

/** A leaf and the nodes between it and one above. */
function pathOf(tree: readonly ScoredNode[], leaf: ScoredNode, above: string): string[] {
  const path = [leaf.id];
  let parent = leaf.parent;
  while (parent !== null && parent !== above) {
    path.push(parent);
    parent = tree.find(({ id }) => id === parent)?.parent ?? null;
  }
  return path;
}
