import type { Report, Standing } from "../report.ts";
import { TEXTS } from "../texts.ts";
import { fill } from "../words.ts";
import { attribute, percent, plain, say } from "./markup.ts";

/** The cell of a rank's interval; the title has the chances, a mark says when the next body cannot be told apart. */
export function renderRange(report: Report, standing: Standing): string {
  const { range } = standing;
  if (!range) return "<td class=n data-v=999>–";
  const { low, high, data, choices, aboveNext } = range;
  const ends = (interval: { readonly low: number; readonly high: number }) => ({
    low: plain(interval.low),
    high: plain(interval.high),
  });
  const words = [
    fill(TEXTS.rankRangeOf, {
      ...ends(range),
      median: plain(range.median),
      top: percent(range.topThree),
      bottom: percent(range.bottomThree),
    }),
    ...(data ? [fill(TEXTS.rankRangeData, ends(data))] : []),
    ...(choices ? [fill(TEXTS.rankRangeChoices, ends(choices))] : []),
  ];
  const title = attribute({
    zh: words.map(({ zh }) => zh).join(""),
    en: words.map(({ en }) => en).join(""),
  });
  const interval = `<span title="${title}">${plain(Math.round(low))}–${plain(Math.round(high))}</span>`;
  return `<td class="n range" data-v="${range.median}">${interval}${isClose(report, standing) ? sayClose(aboveNext) : ""}`;
}

function sayClose(above: number | null): string {
  const words = attribute(fill(TEXTS.closeToNext, { above: percent(above) }));
  return `<br><small class=close title="${words}">≈ ${say("closeToNextMark")}</small>`;
}

/** Whether a body cannot be told apart from the next in the ranking. */
export function isClose({ context }: Report, { range }: Standing): boolean {
  const above = range?.aboveNext ?? null;
  const least = context.standard.uncertainty?.distinguishable.probability ?? 1;
  return above !== null && above < least;
}

/** How many neighbours of a class cannot be told apart. */
export function sayCloseness(report: Report, standings: readonly Standing[]): string {
  const pairs = standings.filter(({ range }) => typeof range?.aboveNext === "number");
  return say("closePairs", {
    close: pairs.filter((standing) => isClose(report, standing)).length,
    all: pairs.length,
    probability: percent(report.context.standard.uncertainty?.distinguishable.probability),
  });
}
