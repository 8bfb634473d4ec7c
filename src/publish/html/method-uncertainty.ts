import type { RankSummary } from "../../uncertainty/summarise-ranks.ts";
import { nameFactor } from "./certainty.ts";
import { both, escapeHtml, figure, over, percent, plain, table } from "./markup.ts";
import { type ExaminedLevel, type MethodPage, nameClass, tell } from "./method-page.ts";
import { orNull } from "./method-tables.ts";

/** Sensitivities and rank intervals of every class; empty where the standard says nothing of uncertainty. */
export function renderUncertainty(page: MethodPage, level: ExaminedLevel): string {
  const { replicated, groups } = level;
  if (!replicated) return "";
  const failed = replicated.failures.reduce((sum, { count }) => sum + count, 0);
  const reasons = replicated.failures.map(
    ({ message, count }) => `<li>${count} × ${escapeHtml(message)}`,
  );
  const parts = groups.map(
    ({ peerClass }, place) =>
      `<h4>${both(nameClass(page, peerClass))}</h4>${renderShares(replicated, place)}${renderRanges(page, level, place)}`,
  );
  return `<p>${tell("replications", { evaluated: replicated.evaluated, failed })}</p>${
    reasons.length > 0 ? `<ul class=bad>${reasons.join("")}</ul>` : ""
  }${parts.join("\n")}`;
}

function renderShares({ groups }: NonNullable<ExaminedLevel["replicated"]>, place: number): string {
  const shares = (groups[place]?.sensitivities ?? []).filter((one) => one.place < 0);
  if (shares.length === 0) return "";
  const rows = shares.map(
    ({ factor, firstOrder, total }) =>
      `<tr><td>${both(nameFactor(factor))}<td class=n>${figure(orNull(firstOrder), 2)}<td class=n>${figure(orNull(total), 2)}`,
  );
  const head = [tell("factor"), over(tell("firstOrder")), over(tell("total"))];
  return table(head, rows, { caption: tell("sensitivity") });
}

function renderRanges(page: MethodPage, level: ExaminedLevel, place: number): string {
  const { panel, groups, replicated } = level;
  const { all, data, choices } = replicated?.groups[place]?.summaries ?? {};
  const interval = (own: RankSummary | undefined) =>
    own ? `${plain(Math.round(own.low))}–${plain(Math.round(own.high))}` : "–";
  const rows = (all ?? []).map((own, at) => {
    const entity = panel.entity[own.unit] as string;
    const name = page.names.get(entity) ?? { zh: entity, en: entity };
    return `<tr><td class=n>${groups[place]?.stated[at]}<th scope=row>${both(name)}<td class=n>${plain(own.median)}<td class=n>${interval(own)}<td class=n>${interval(data?.[at])}<td class=n>${interval(choices?.[at])}<td class=n>${percent(own.topThree)}<td class=n>${percent(own.bottomThree)}`;
  });
  const head = [
    over(tell("rank")),
    tell("body"),
    ...(["median", "all", "data", "choices", "topThree", "bottomThree"] as const).map((key) =>
      over(tell(key)),
    ),
  ];
  return table(head, rows, { className: "ranges", caption: tell("ranks") });
}
