import { quantile } from "../../composite/order.ts";
import type { CasePart } from "../../method/case-kind.ts";
import {
  CASE_POINTS,
  FIRST_CHANCE,
  findFurthest,
  OVERLAP,
  SMALL_SAMPLE,
  SMALL_SAMPLE_SHARE,
} from "../../method/fragility.ts";
import type { CaseEffect, OneCase } from "../../method/one-case.ts";
import { both, escapeHtml, figure, over, percent, signed, table } from "./markup.ts";
import { type ExaminedLevel, type MethodPage, nameClass, nameNode, tell } from "./method-page.ts";

/** More rows than these say no more. */
const SHOWN_KINDS = 15;

/** A narrow screen scrolls to the names rather than breaking them word by word. */
const WIDE = 'style="min-width:20rem"';

/** What one case can do at a level, and what else makes its ranks fragile, each beside the line beyond which it is a warning. */
export function renderCases(page: MethodPage, level: ExaminedLevel): string {
  return [
    renderKinds(page, level),
    renderBodies(page, level),
    renderAlone(page, level),
    renderSmallSamples(page, level),
    renderShared(page, level),
    renderTwice(page, level),
    renderFirstPlaces(page, level),
  ].join("\n");
}

function renderKinds(page: MethodPage, level: ExaminedLevel): string {
  const { tried } = level.fragility;
  const moving = tried.filter(({ effects }) => effects.length > 0);
  const note = `<p class=note>${tell("casesNote", { limit: CASE_POINTS })}</p>`;
  if (moving.length === 0) return `${note}<p>${tell("casesNone")}</p>`;
  const shown = moving.slice(0, SHOWN_KINDS);
  const kinds = new Set(tried.map(({ kind }) => kind)).size;
  const count = `<p>${tell("casesMore", { count: kinds, shown: shown.length })}</p>`;
  return `${note}${count}${table(
    headOfKinds("kindOfCase"),
    shown.map((one) => renderKind(page, level, one)),
  )}`;
}

/** What moves comes first and the long names last, so that a narrow screen shows the figures. */
function headOfKinds(last: "kindOfCase" | "indicator"): string[] {
  return [
    over(tell("largestPoints")),
    over(tell("mostPlaces")),
    tell("change"),
    tell("body"),
    over(tell("medianPoints")),
    over(tell("records")),
    tell(last),
  ];
}

function renderKind(page: MethodPage, level: ExaminedLevel, one: OneCase): string {
  const { kind, change, effects } = one;
  const records = [...kind.cases.values()].reduce((sum, count) => sum + count, 0);
  const points = Float64Array.from(effects, (effect) => effect.points)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const median = points.length > 0 ? signed(quantile(points, 0.5), 2) : "–";
  const places = effects.reduce((most, effect) => Math.max(most, Math.abs(effect.places)), 0);
  const furthest = findFurthest(one);
  const body = furthest ? nameBody(page, level, furthest.row) : "";
  return `<tr><td class=n>${renderPoints(furthest)}<td class=n>${figure(places)}<td>${tellChange(change)}<td>${body}<td class=n>${median}<td class=n>${figure(records)}<td ${WIDE}>${renderParts(page, kind.parts)}`;
}

function renderParts(page: MethodPage, parts: readonly CasePart[]): string {
  return parts
    .map(({ indicator, numerator }) => {
      const how = tell(numerator > 0 ? "counts" : "countsNot");
      return `<div>${both(nameNode(page, indicator))} <small>${how}</small></div>`;
    })
    .join("");
}

function renderPoints(effect: CaseEffect | undefined): string {
  if (!effect) return "–";
  const mark = Math.abs(effect.points) > CASE_POINTS ? "⚠ " : "";
  return `${mark}${signed(effect.points, 2)}`;
}

function tellChange(change: OneCase["change"]): string {
  return tell(change === "more" ? "oneMore" : "oneLess");
}

function nameBody(page: MethodPage, { panel }: ExaminedLevel, row: number): string {
  const id = panel.entity[row] as string;
  return both(page.names.get(id) ?? { zh: id, en: id });
}

/** Of each body, in the order of the ranking, the case that moves it furthest. */
function renderBodies(page: MethodPage, level: ExaminedLevel): string {
  const furthest = new Map<number, { one: OneCase; effect: CaseEffect }>();
  for (const one of level.fragility.tried) {
    for (const effect of one.effects) {
      const held = furthest.get(effect.row)?.effect;
      if (Number.isNaN(effect.points)) continue;
      if (held && Math.abs(held.points) >= Math.abs(effect.points)) continue;
      furthest.set(effect.row, { one, effect });
    }
  }
  const rows = level.groups.flatMap((group) =>
    [...group.units].flatMap((row) => {
      const found = furthest.get(row);
      if (!found) return [];
      const { one, effect } = found;
      return `<tr><th scope=row>${nameBody(page, level, row)}<td class=n>${renderPoints(effect)}<td class=n>${signed(effect.places, 0)}<td>${tellChange(one.change)}<td ${WIDE}>${renderParts(page, one.kind.parts)}`;
    }),
  );
  if (rows.length === 0) return "";
  const head = [
    tell("body"),
    over(tell("largestPoints")),
    over(tell("mostPlaces")),
    tell("change"),
    tell("kindOfCase"),
  ];
  return fold("bodiesByCase", table(head, rows));
}

/** Of each indicator, the row that moves a body furthest. */
function renderAlone(page: MethodPage, level: ExaminedLevel): string {
  const seen = new Set<string>();
  const rows = level.fragility.alone.flatMap((one) => {
    const id = one.kind.parts[0]?.indicator ?? "";
    if (seen.has(id) || one.effects.length === 0) return [];
    seen.add(id);
    return renderKind(page, level, one);
  });
  return rows.length > 0 ? fold("indicatorAlone", table(headOfKinds("indicator"), rows)) : "";
}

function fold(title: "bodiesByCase" | "indicatorAlone", content: string): string {
  return `<details><summary>${tell(title)}</summary>${content}</details>`;
}

function renderSmallSamples(page: MethodPage, { groups, fragility }: ExaminedLevel): string {
  const rows = groups.map(({ peerClass }, place) => {
    const share = fragility.smallSamples[place] as number;
    const mark = share > SMALL_SAMPLE_SHARE ? "⚠ " : "";
    return `<tr><th scope=row>${both(nameClass(page, peerClass))}<td class=n>${mark}${percent(Number.isNaN(share) ? null : share, 1)}`;
  });
  const note = tell("smallSamplesNote", {
    rows: SMALL_SAMPLE,
    share: percent(SMALL_SAMPLE_SHARE),
  });
  const head = [tell("peerClass"), over(tell("share"))];
  return `<h4>${tell("smallSamples")}</h4><p class=note>${note}</p>${table(head, rows)}`;
}

function renderShared(page: MethodPage, { fragility }: ExaminedLevel): string {
  const share = percent(OVERLAP);
  const rows = fragility.shared
    .filter(({ overlap }) => overlap >= OVERLAP)
    .map(
      ({ one, other, records, overlap }) =>
        `<tr><td class=n>⚠ ${percent(overlap)}<td class=n>${figure(records)}<td ${WIDE}><div>${nameLeaf(page, one)}</div><div>${nameLeaf(page, other)}</div>`,
    );
  const title = `<h4>${tell("sharedRecords")}</h4><p class=note>${tell("sharedNote", { share })}</p>`;
  if (rows.length === 0) return `${title}<p>${tell("sharedNone", { share })}</p>`;
  const head = [over(tell("share")), over(tell("records")), tell("pair")];
  return `${title}${table(head, rows)}`;
}

function nameLeaf(page: MethodPage, id: string): string {
  return `${both(nameNode(page, id))} <small>${escapeHtml(id)}</small>`;
}

function renderTwice(page: MethodPage, { fragility }: ExaminedLevel): string {
  const { deductions, bonuses, vetoes } = page.context.standard;
  const rules = [...deductions, ...bonuses, ...vetoes];
  const nameOf = (id: string) => {
    const rule = rules.find((one) => one.id === id);
    return rule ? both(rule.title) : nameLeaf(page, id);
  };
  const title = `<h4>${tell("twice")}</h4><p class=note>${tell("twiceNote")}</p>`;
  if (fragility.twice.length === 0) return `${title}<p>${tell("twiceNone")}</p>`;
  const rows = fragility.twice.map(
    ({ rule, other, records }) =>
      `<tr><td class=n>⚠ ${figure(records)}<td>${nameOf(rule)}<td>${nameOf(other)}`,
  );
  return `${title}${table([over(tell("records")), tell("rule"), tell("countsIn")], rows)}`;
}

function renderFirstPlaces(page: MethodPage, level: ExaminedLevel): string {
  const rows = level.groups.flatMap(({ peerClass }, place) => {
    const found = level.fragility.firstPlaces[place];
    if (!found) return [];
    const { first, second, gap, oneCase, ahead, firm } = found;
    return `<tr><th scope=row>${both(nameClass(page, peerClass))}<td>${nameBody(page, level, first)}<td>${nameBody(page, level, second)}<td class=n>${firm ? "" : "⚠ "}${figure(gap, 2)}<td class=n>${figure(oneCase, 2)}<td class=n>${percent(ahead)}`;
  });
  if (rows.length === 0) return "";
  const head = [
    tell("peerClass"),
    tell("first"),
    tell("second"),
    over(tell("gap")),
    over(tell("byOneCase")),
    over(tell("aheadChance")),
  ];
  const note = tell("firstPlaceNote", { chance: percent(FIRST_CHANCE) });
  return `<h4>${tell("firstPlace")}</h4><p class=note>${note}</p>${table(head, rows)}`;
}
