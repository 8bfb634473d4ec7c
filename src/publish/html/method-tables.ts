import { both, escapeHtml, figure, over, percent, table } from "./markup.ts";
import { type ExaminedLevel, type MethodPage, nameClass, nameNode, tell } from "./method-page.ts";

/** Weights as stated beside the correlation of each node's and indicator's score with the index. */
export function renderWeights(page: MethodPage, { examination }: ExaminedLevel): string {
  const { nodes } = page.context.standard;
  const rows = [...examination.weights].map(([id, { nominal, influence }]) => {
    const kind = nodes.some((node) => node.id === id) ? "dimension" : "";
    return `<tr class="${kind}"><th scope=row>${both(nameNode(page, id))} <small>${escapeHtml(id)}</small><td class=n>${percent(nominal, 1)}<td>${renderBar(nominal)}<td class=n>${figure(orNull(influence), 2)}<td>${renderBar(Math.abs(influence))}`;
  });
  const head = [tell("node"), over(tell("weight")), "", over(tell("influence")), ""];
  return `<p class=note>${tell("weightsNote")}</p>${table(head, rows, { className: "tree" })}`;
}

function renderBar(share: number): string {
  const width = Number.isNaN(share) ? 0 : Math.min(1, share) * 100;
  return `<div class="bar bars"><b style="width:${figure(width, 1)}%"></b></div>`;
}

/** A figure that could not be worked out shows as none. */
export function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** Cronbach's alpha of every node with two parts or more. */
export function renderReliabilities(page: MethodPage, { examination }: ExaminedLevel): string {
  const rows = examination.reliabilities.map(
    ({ node, children, alpha }) =>
      `<tr><th scope=row>${both(nameNode(page, node))} <small>${escapeHtml(node)}</small><td class=n>${children}<td class=n>${figure(orNull(alpha), 2)}`,
  );
  const head = [tell("node"), over(tell("children")), over(tell("alpha"))];
  return `<p class=note>${tell("reliabilityNote")}</p>${table(head, rows)}`;
}

/** What leaving each indicator out does to the ranking of each class, the largest move first. */
export function renderRemovals(page: MethodPage, { examination, groups }: ExaminedLevel): string {
  const tables = groups.map(({ peerClass }, place) => {
    const removals = (examination.removals[place] ?? []).toSorted(
      (a, b) => (b.meanShift || 0) - (a.meanShift || 0) || (a.indicator < b.indicator ? -1 : 1),
    );
    const most = Math.max(1e-9, ...removals.map(({ meanShift }) => meanShift || 0));
    const rows = removals.map(
      ({ indicator, meanShift, largestShift }) =>
        `<tr><th scope=row>${both(nameNode(page, indicator))} <small>${escapeHtml(indicator)}</small><td class=n>${figure(orNull(meanShift), 2)}<td>${renderBar(meanShift / most)}<td class=n>${figure(largestShift)}`,
    );
    const head = [tell("indicator"), over(tell("meanShift")), "", over(tell("largestShift"))];
    return table(head, rows, { caption: both(nameClass(page, peerClass)) });
  });
  return `<p class=note>${tell("removalNote")}</p>${tables.join("\n")}`;
}

/** More bodies than these say no more. */
const SHOWN_REVERSALS = 20;

/** Which bodies, by taking part or not, change the order of others. */
export function renderReversals(page: MethodPage, { examination, panel }: ExaminedLevel): string {
  const { reversals } = examination;
  const bodies = new Set(panel.entity).size;
  const nameOf = (id: string) => both(page.names.get(id) ?? { zh: id, en: id });
  const rows = reversals.slice(0, SHOWN_REVERSALS).map(({ entity, pairs, example }) => {
    const told = example
      ? `${escapeHtml(example.period)} ${nameOf(example.ahead)} → ${nameOf(example.behind)}`
      : "";
    return `<tr><th scope=row>${nameOf(entity)}<td class=n>${figure(pairs)}<td>${told}`;
  });
  const found = `<p>${tell(reversals.length > 0 ? "reversalsFound" : "reversalsNone", { count: reversals.length, bodies })}</p>`;
  const head = [tell("leftOut"), over(tell("reversedPairs")), tell("reversedExample")];
  return `<p class=note>${tell("reversalNote")}</p>${found}${rows.length > 0 ? table(head, rows) : ""}`;
}
