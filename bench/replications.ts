import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { evaluate } from "../src/composite/evaluate.ts";
import { rankDown } from "../src/composite/order.ts";
import type { Panel } from "../src/composite/panel.ts";
import { type Specification, specify } from "../src/composite/specification.ts";
import { readStandard } from "../src/standard/evaluation-standard.ts";
import type { Normalisation } from "../src/standard/standard-methods.ts";
import { readIndicators } from "../src/standard/workspace.ts";
import { planDraws } from "../src/uncertainty/design.ts";
import { openStream } from "../src/uncertainty/random.ts";
import { replicate } from "../src/uncertainty/replicate.ts";
import { AS_STATED, type Way } from "../src/uncertainty/ways.ts";
import { makePanel, makeSpecification } from "../tests/composite/make-panel.ts";
import { ownResidentMiB } from "./measure-process.ts";

const ROOT = join(import.meta.dirname, "..");

const OTHERS: readonly Normalisation[] = [
  { method: "z_score", mean: 50, deviation: 15, assumption: true },
  { method: "percentile_rank", assumption: true },
];

/** 1,000 replications over weights and normalisation, without and with the further ones for sensitivity indices. */
export function benchReplications(): void {
  const asem = readAsem();
  const large = makeLarge(3000, 60);
  for (const [name, { specification, panel }] of Object.entries({ asem, large })) {
    for (const sensitivity of [false, true]) {
      const seconds = run(specification, panel, sensitivity);
      const baseline = time(() => addUp(panel.values, 1000));
      process.stdout.write(
        `replications ${name} (${panel.units} × ${specification.leaves.length})${sensitivity ? " with sensitivity" : ""}: ${seconds.toFixed(2)} s of one core, ${(seconds / baseline).toFixed(1)} times adding its values up 1,000 times, ${ownResidentMiB().toFixed(0)} MiB resident\n`,
      );
    }
  }
}

function run(specification: Specification, panel: Panel, sensitivity: boolean): number {
  const { nodes } = evaluate(specification, panel);
  const ranks = rankDown(nodes.score[0] as Float64Array, specification.tolerance);
  const units = Int32Array.from(ranks.keys())
    .filter((unit) => ranks[unit] !== 0)
    .sort((a, b) => (ranks[a] as number) - (ranks[b] as number));
  const group = { units, stated: units.map((unit) => ranks[unit] as number) };
  const ways = {
    normalisation: [AS_STATED, ...OTHERS.map(useInstead)],
    aggregation: [AS_STATED],
    treatment: [AS_STATED],
    imputation: [AS_STATED],
  };
  return time(() => {
    const design = planDraws(specification.tree, {
      seed: 1,
      replications: 1000,
      spread: 0.25,
      ways: { normalisation: 3, aggregation: 1, treatment: 1, imputation: 1 },
      counts: false,
      sensitivity,
    });
    const { failures } = replicate(
      { specification, panel, ways, multipliers: design.multipliers },
      design,
      [group],
    );
    if (failures.length > 0) throw new Error(failures[0]?.message);
  });
}

function useInstead(normalisation: Normalisation): Way {
  return {
    id: normalisation.method,
    change: (specification) => ({
      ...specification,
      leaves: specification.leaves.map((leaf) => ({ ...leaf, normalisation })),
    }),
  };
}

/** The baseline: what the plainest pass over the values takes on this machine. */
function addUp(values: Float64Array, times: number): number {
  let sum = 0;
  for (let turn = 0; turn < times; turn++) {
    for (let cell = 0; cell < values.length; cell++) sum += (values[cell] as number) || 0;
  }
  return sum;
}

/** Seconds of the processor, which others at work on the machine do not lengthen as they do those of the clock. */
function time(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

/** COINr's example with the bundled standard, as its conformance test reads it. */
function readAsem() {
  const folder = join(ROOT, "tests", "fixtures", "conformance", "asem");
  const data = parse(readFileSync(join(folder, "iData.csv")), { columns: true }) as Record<
    string,
    string
  >[];
  const standard = readStandard(ROOT, "asem", readIndicators(ROOT));
  const specification = specify(standard, "country", new Map());
  const column = (name: string) =>
    data.map((row) => (row[name] && row[name] !== "NA" ? Number(row[name]) : Number.NaN));
  const panel: Panel = {
    units: data.length,
    entity: data.map((row) => row.uCode as string),
    periods: ["2018"],
    period: new Int32Array(data.length),
    groupings: {
      peers: new Int32Array(data.length),
      continent: Int32Array.from(data, (row) => (row.EurAsia_group === "Asia" ? 1 : 0)),
    },
    values: Float64Array.from(
      specification.leaves.flatMap(({ id }) => column(id.split("/").at(-1) as string)),
    ),
    denominators: Object.fromEntries(
      ["Area", "Energy", "GDP", "Population"].map((name) => [
        name,
        Float64Array.from(column(name)),
      ]),
    ),
  };
  return { specification, panel };
}

/** Synthetic: six dimensions of equal size over uniform values. */
function makeLarge(units: number, indicators: number) {
  const dimensions = ["a", "b", "c", "d", "e", "f"];
  const specification = makeSpecification(
    [{ id: "index" }, ...dimensions.map((id) => ({ id, parent: "index" }))],
    Array.from({ length: indicators }, (_, place) => ({
      id: `i${place}`,
      parent: dimensions[place % dimensions.length] as string,
      normalisation: { method: "min_max", minimum_peers: 2, assumption: true } as const,
    })),
  );
  const stream = openStream(1, "values");
  const columns = Array.from({ length: indicators }, () =>
    Array.from({ length: units }, () => 100 * stream()),
  );
  return { specification, panel: makePanel(columns) };
}
