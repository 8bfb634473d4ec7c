import type { LevelTree } from "../composite/tree.ts";
import { CHOICES, type Choice, type Design, type Draw, type Factor } from "./draw.ts";
import type { Way } from "./ways.ts";

type Ways = Readonly<Record<Choice, readonly Way[]>>;

/** Columns that say what a draw is, before one for the multiplier of each item's weight. */
const COLUMNS = ["part", "number", ...CHOICES, "world"] as const;

/**
 * All draws as rows of text, the head first: choices by name, the world of counts by number (empty: the evidence as it is),
 * and by item of the tree the multiplier of its weight (empty: as stated). Numbers are written so that reading them gives
 * the same bits.
 */
export function tabulateDraws(design: Design, ways: Ways, { items }: LevelTree): string[][] {
  const rows = design.draws.map((draw) => {
    const set = design.multipliers[draw.weights];
    return [
      draw.part,
      String(draw.number),
      ...CHOICES.map((choice) => ways[choice][draw.choices[choice]]?.id ?? ""),
      draw.data < 0 ? "" : String(draw.data),
      ...items.map((_, position) => (set ? String(set[position]) : "")),
    ];
  });
  return [[...COLUMNS, ...items.map(({ id }) => id)], ...rows];
}

/**
 * The draws of a table that tabulateDraws wrote, or somebody else.
 * @param records cells by the head of their column
 * @throws Error in a sentence naming the row and column of what does not fit the standard
 */
export function readDraws(
  records: readonly Readonly<Record<string, string>>[],
  ways: Ways,
  { items }: LevelTree,
): Design {
  const multipliers: Float64Array[] = [];
  const draws = records.map((record, row): Draw => {
    const cell = (column: string): string => {
      const text = record[column];
      if (text === undefined) throw new Error(`The draws have no column "${column}".`);
      return text;
    };
    const number = (column: string, least: number): number => {
      const value = Number(cell(column));
      if (cell(column) !== "" && value >= least) return value;
      throw new Error(
        `Draw ${row + 1} has "${cell(column)}" under "${column}", where a number of at least ${least} is needed.`,
      );
    };
    const choices = Object.fromEntries(
      CHOICES.map((choice) => [choice, findWay(ways[choice], cell(choice), choice, row)]),
    ) as Record<Choice, number>;
    const weighted = items.some(({ id }) => cell(id) !== "");
    if (weighted) multipliers.push(Float64Array.from(items, ({ id }) => number(id, 0)));
    return {
      part: cell("part"),
      number: number("number", 0),
      choices,
      weights: weighted ? multipliers.length - 1 : -1,
      data: cell("world") === "" ? -1 : number("world", 0),
    };
  });
  return { draws, multipliers, factors: findFactors(draws) };
}

function findWay(ways: readonly Way[], id: string, choice: Choice, row: number): number {
  const place = ways.findIndex((way) => way.id === id);
  if (place >= 0) return place;
  throw new Error(
    `Draw ${row + 1} makes the choice "${id}" of ${choice}, which the standard does not offer: ${ways.map((way) => way.id).join(", ")}.`,
  );
}

/** Factors that the draws vary. */
function findFactors(draws: readonly Draw[]): Factor[] {
  return [
    ...(draws.some(({ weights }) => weights >= 0) ? (["weights"] as const) : []),
    ...CHOICES.filter((choice) => new Set(draws.map(({ choices }) => choices[choice])).size > 1),
    ...(draws.some(({ data }) => data >= 0) ? (["data"] as const) : []),
  ];
}
