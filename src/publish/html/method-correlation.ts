import { type IndicatorPair, judgePair, OPPOSED, REDUNDANT } from "../../method/examine-level.ts";
import { attribute, both, escapeHtml, figure, over, table } from "./markup.ts";
import { type ExaminedLevel, type MethodPage, nameNode, tell } from "./method-page.ts";
import { orNull } from "./method-tables.ts";

/** The matrix of correlations, and the pairs that nearly repeat or cancel each other. */
export function renderCorrelations(page: MethodPage, { examination }: ExaminedLevel): string {
  const flagged = examination.pairs.filter((pair) => judgePair(pair) !== undefined);
  const note = tell("correlationNote", { redundant: REDUNDANT, opposed: OPPOSED });
  const list =
    flagged.length === 0
      ? `<p>${tell("noneFlagged")}</p>`
      : table(
          [
            tell("pair"),
            over("Pearson"),
            over("Spearman"),
            over("Kendall"),
            over(tell("units")),
            tell("judgement"),
          ],
          flagged
            .toSorted((a, b) => Math.abs(b.pearson) - Math.abs(a.pearson))
            .map((pair) => renderPair(page, pair)),
          { caption: tell("flagged") },
        );
  return `<p class=note>${note}</p>${list}\n${renderMatrix(page, examination)}`;
}

function renderPair(page: MethodPage, pair: IndicatorPair): string {
  const { one, other, pearson, spearman, kendall, units } = pair;
  const cells = [pearson, spearman, kendall].map(
    (value) => `<td class=n>${figure(orNull(value), 2)}`,
  );
  const judgement = tell(judgePair(pair) ?? "opposed");
  return `<tr><th scope=row>${both(nameNode(page, one))} × ${both(nameNode(page, other))}${cells.join("")}<td class=n>${units}<td>${judgement}`;
}

function renderMatrix(page: MethodPage, examination: ExaminedLevel["examination"]): string {
  const { indicators, pairs } = examination;
  const known = new Map(pairs.map((pair) => [`${pair.one} ${pair.other}`, pair]));
  const rows = indicators.map((one, row) => {
    const cells = indicators.slice(0, row).map((other) => {
      const pair = known.get(`${other} ${one}`) as IndicatorPair;
      return renderCell(page, pair);
    });
    return `<tr><th scope=row>${row + 1} ${both(nameNode(page, one))}${cells.join("")}`;
  });
  const head = [
    "",
    ...indicators.map((id, place) =>
      over(`<abbr title="${attribute(nameNode(page, id))}">${place + 1}</abbr>`),
    ),
  ];
  return table(head, rows, { className: "pairs matrix" });
}

/** Blue: together; red: against each other; all three coefficients in the title. */
function renderCell(
  page: MethodPage,
  { one, other, pearson, spearman, kendall }: IndicatorPair,
): string {
  const title = `${escapeHtml(`${nameNode(page, one).zh} × ${nameNode(page, other).zh}`)} Pearson ${figure(orNull(pearson), 2)} Spearman ${figure(orNull(spearman), 2)} Kendall ${figure(orNull(kendall), 2)}`;
  if (Number.isNaN(pearson)) return `<td class=n title="${title}">–`;
  const colour = pearson >= 0 ? "74 133 170" : "201 55 44";
  return `<td class=n title="${title}" style="background:rgb(${colour} / ${Math.abs(pearson * 0.7).toFixed(2)})">${figure(pearson * 100)}`;
}
