import { aggregate } from "../composite/aggregate.ts";
import { prepare } from "../composite/evaluate.ts";
import { type NodeScores, openScores } from "../composite/node-scores.ts";
import { normalise } from "../composite/normalise.ts";
import type { Panel } from "../composite/panel.ts";
import type { Solver } from "../composite/solver.ts";
import type { Specification } from "../composite/specification.ts";
import { treat } from "../composite/treat.ts";
import { toPoints } from "../composite/tree.ts";
import { weigh } from "../composite/weigh.ts";
import type { Choice, Draw } from "./draw.ts";
import { applyChoices, type Way } from "./ways.ts";
import type { Worlds } from "./worlds.ts";

/** What draws are evaluated on. */
export interface Ground {
  readonly specification: Specification;
  readonly panel: Panel;
  readonly ways: Readonly<Record<Choice, readonly Way[]>>;
  readonly multipliers: readonly Float64Array[];
  /** Opens the worlds of counts from their first; every evaluation goes through them once. */
  readonly openWorlds?: (() => Worlds) | undefined;
  readonly solver?: Solver | undefined;
}

/** How often each stage has run: what a draw does not touch is taken from an earlier one. */
export interface StageRuns {
  prepare: number;
  treat: number;
  normalise: number;
  aggregate: number;
}

export interface Evaluator {
  /**
   * Scores of the index by unit; the next call writes over them.
   * @throws Error in a sentence when the draw's choices and the values do not go together
   */
  readonly evaluate: (draw: Draw) => Float64Array;
  readonly runs: Readonly<StageRuns>;
}

/** Opens an evaluation of draws that runs again only the stages a draw touches. */
export function openEvaluator(ground: Ground): Evaluator {
  const runs: StageRuns = { prepare: 0, treat: 0, normalise: 0, aggregate: 0 };
  const specifications = new Map<string, Specification>();
  const specify = ({ choices }: Draw) =>
    remember(specifications, Object.values(choices).join(" "), () =>
      applyChoices(ground.specification, ground.ways, choices),
    );
  const [prepared, treated, scored, weighed] = [openShelf(), openShelf(), openShelf(), openShelf()];
  const nodes = openScores(ground.specification.tree, ground.panel, ground.solver);
  const { tree } = ground.specification;
  const worlds = ground.openWorlds?.();

  const prepareFor = (draw: Draw) =>
    prepared(keyOf(draw, ["imputation"]), () => {
      runs.prepare++;
      return prepare(specify(draw), panelOf(ground.panel, worlds, draw)).values;
    });
  const treatFor = (draw: Draw) =>
    treated(keyOf(draw, ["imputation", "treatment"]), () => {
      // Nothing is treated: the values go through as they are.
      if (specify(draw).leaves.every(({ treatment }) => !treatment)) return prepareFor(draw);
      const values = prepareFor(draw).slice();
      runs.treat++;
      treat(specify(draw), ground.panel, values);
      return values;
    });
  const normaliseFor = (draw: Draw) =>
    scored(keyOf(draw, ["imputation", "treatment", "normalisation"]), () => {
      const values = treatFor(draw);
      const leaves = new Float64Array(values.length);
      runs.normalise++;
      normalise(specify(draw), ground.panel, values, leaves);
      return leaves;
    });
  const weighFor = (draw: Draw, leaves: Float64Array) =>
    weighed(keyOf(draw, ["imputation", "treatment", "normalisation", "aggregation"]), () =>
      weigh(specify(draw), ground.panel, leaves, nodes),
    );

  return {
    runs,
    evaluate(draw) {
      const leaves = normaliseFor(draw);
      const multipliers = ground.multipliers[draw.weights];
      const stated = weighFor(draw, leaves);
      const weights = multipliers
        ? toPoints(
            tree.items,
            stated.map((weight, position) => weight * (multipliers[position] as number)),
          )
        : stated;
      runs.aggregate++;
      const { score } = aggregate(specify(draw), ground.panel, leaves, weights, nodes);
      return score[0] as NodeScores["score"][number];
    },
  };
}

/** The panel with its counts as in the draw's world. */
function panelOf(panel: Panel, worlds: Worlds | undefined, { data }: Draw): Panel {
  if (data < 0 || !worlds) return panel;
  const values = panel.values.slice();
  worlds.fill(data, values);
  return { ...panel, values };
}

function keyOf({ data, choices }: Draw, touched: readonly Choice[]): string {
  return [data, ...touched.map((choice) => choices[choice])].join(" ");
}

function remember<T>(known: Map<string, T>, key: string, find: () => T): T {
  const held = known.get(key);
  if (held !== undefined) return held;
  const found = find();
  known.set(key, found);
  return found;
}

/** Matrices kept of worlds drawn: those of one row of the design and of the row before. */
const KEPT_WORLDS = 16;

type Shelf = (key: string, find: () => Float64Array) => Float64Array;

/** Keeps what was worked out on the evidence as it is for good, and of drawn worlds the latest. */
function openShelf(): Shelf {
  const kept = new Map<string, Float64Array>();
  const passing = new Map<string, Float64Array>();
  return (key, find) => {
    if (key.startsWith("-1 ")) return remember(kept, key, find);
    const found = remember(passing, key, find);
    if (passing.size > KEPT_WORLDS) passing.delete(passing.keys().next().value as string);
    return found;
  };
}
