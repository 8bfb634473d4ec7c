import loadHighs, { type Highs } from "highs";
import type { EvaluationStandard } from "../standard/evaluation-standard.ts";

/** max Σ gain × x, with x ≥ 0 and every row Σ row × x ≤ its limit. */
export interface LinearProgramme {
  readonly gains: Float64Array;
  readonly rows: readonly { readonly row: Float64Array; readonly limit: number }[];
}

/** Solves linear programmes and convex quadratic ones; loaded once, then works without waiting. */
export interface Solver {
  /** @returns x; undefined when no x meets the rows */
  maximise(programme: LinearProgramme): Float64Array | undefined;
  /** x ≥ `least` with Σ x = 1 and the least xᵀQx; Q symmetric, row after row, without a negative direction. */
  minimiseSpread(matrix: Float64Array, count: number, least: number): Float64Array;
}

/** Whether a standard has a node that is aggregated or weighed by optimisation. */
export function needsSolver({ nodes }: Pick<EvaluationStandard, "nodes">): boolean {
  return nodes.some(
    ({ aggregation, weighting }) =>
      aggregation.method === "benefit_of_the_doubt" || weighting?.method === "equal_influence",
  );
}

// The package's types describe its CommonJS build, whose module holds the loader; the ES build exports the loader itself.
const load = loadHighs as unknown as typeof loadHighs.default;

/** Loads HiGHS (Q. Huangfu, J. A. J. Hall, Mathematical Programming Computation 10 (2018) 119-142). */
export async function loadSolver(): Promise<Solver> {
  const highs = await load();
  return {
    maximise: (programme) => maximise(highs, programme),
    minimiseSpread: (matrix, count, least) => minimiseSpread(highs, matrix, count, least),
  };
}

function term(factor: number, name: string): string {
  return `${factor < 0 ? "-" : "+"} ${Math.abs(factor)} ${name}`;
}

function sumOf(factors: Float64Array): string {
  const terms = Array.from(factors, (factor, place) =>
    factor === 0 ? "" : term(factor, `x${place}`),
  );
  return terms.filter((text) => text !== "").join(" ");
}

function maximise(highs: Highs, { gains, rows }: LinearProgramme): Float64Array | undefined {
  // Without anything to gain, all weights may be 0.
  if (gains.every((gain) => gain === 0)) return new Float64Array(gains.length);
  const limits = rows.flatMap(({ row, limit }, place) => {
    const sum = sumOf(row);
    return sum === "" ? [] : [`r${place}: ${sum} <= ${limit}`];
  });
  const bounds = Array.from(gains, (_, place) => `x${place} >= 0`);
  const text = [
    "Maximize",
    `gain: ${sumOf(gains)}`,
    "Subject To",
    ...limits,
    "Bounds",
    ...bounds,
    "End",
  ].join("\n");
  return readColumns(highs, text, gains.length);
}

function minimiseSpread(
  highs: Highs,
  matrix: Float64Array,
  count: number,
  least: number,
): Float64Array {
  const terms: string[] = [];
  for (let one = 0; one < count; one++) {
    for (let other = one; other < count; other++) {
      const factor = (matrix[one * count + other] as number) * (one === other ? 1 : 2);
      const name = one === other ? `x${one} ^ 2` : `x${one} * x${other}`;
      if (factor !== 0) terms.push(term(factor, name));
    }
  }
  const text = [
    "Minimize",
    `spread: [ ${terms.join(" ")} ] / 2`,
    "Subject To",
    `sum: ${sumOf(new Float64Array(count).fill(1))} = 1`,
    "Bounds",
    ...Array.from({ length: count }, (_, place) => `x${place} >= ${least}`),
    "End",
  ].join("\n");
  const found = readColumns(highs, text, count);
  if (!found) throw new Error("The weights of equal influence could not be found by the solver.");
  return found;
}

// The regularisation would move weights by about its size. Presolve of this version (1.15.3) calls some feasible
// programmes of near-parallel rows infeasible; ours are small enough without it.
const OPTIONS = { output_flag: false, presolve: "off", qp_regularization_value: 0 } as const;

function readColumns(highs: Highs, text: string, count: number): Float64Array | undefined {
  const solution = highs.solve(text, OPTIONS);
  if (solution.Status !== "Optimal") return undefined;
  return Float64Array.from({ length: count }, (_, place) => {
    const column = solution.Columns[`x${place}`];
    return column && "Primal" in column ? (column.Primal ?? 0) : 0;
  });
}
