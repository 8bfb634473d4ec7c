import { join } from "node:path";
import pino from "pino";
import type { Context } from "../src/context.ts";
import { SILENT } from "../src/context.ts";
import { parsePeriod, shiftPeriod } from "../src/period.ts";
import { sqlFile } from "../src/store/sql-file.ts";
import { Store } from "../src/store/store.ts";
import { warn } from "../src/warn/warn.ts";

const sql = sqlFile(import.meta.dirname, "bench.sql");

const MONTHS = 120;
const PERIOD = parsePeriod("2018-12");
const AS_OF = "2019-01-10 00:00:00";

/**
 * The warnings of so many counties over ten years of monthly debt and yearly finances: from scratch, on a night on which
 * one county in a hundred was corrected, and with nothing new. The baseline is the least any program must do: read the same
 * positions and compute one ratio of them.
 */
export async function benchWarnings(counties: number): Promise<void> {
  const store = await Store.open(":memory:", { memory: "2GB", threads: 2 });
  try {
    await store.run(sql("make-counties"), { counties });
    await store.run(sql("make-positions"), { counties, months: MONTHS });
    await store.run(sql("make-accounts"), { counties });
    await store.run(`SET VARIABLE as_of = TIMESTAMP '${AS_OF}'`);
    const baseline = await time(() => store.rows(sql("read-ratios")));
    const scratch = await time(() => warn(contextOf(store, "scratch")));
    const nothing = await time(() => warn(contextOf(store, "nothing")));
    await store.run(sql("correct-counties"));
    const night = await time(() => warn(contextOf(store, "night")));
    const rows = await store.row<{ values: number; episodes: number }>(sql("count-warnings"));
    console.log(
      `warnings of ${counties} counties x ${MONTHS} months (targets: 20 s from scratch, 2 s a night)`,
    );
    const ratio = (scratch.processor / baseline.processor).toFixed(0);
    console.log(
      `  from scratch   ${say(scratch)}, ${ratio} x reading one ratio (${say(baseline)})`,
    );
    console.log(
      `  1 % corrected  ${say(night)}, ${(night.processor / scratch.processor).toFixed(2)} x from scratch`,
    );
    console.log(`  nothing new    ${say(nothing)}`);
    console.log(`  held: ${rows?.values} values, ${rows?.episodes} episodes`);
  } finally {
    store.close();
  }
}

interface Taken {
  /** Seconds on the clock, and of both processors together. */
  readonly clock: number;
  readonly processor: number;
}

async function time(work: () => Promise<unknown>): Promise<Taken> {
  const start = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { clock: (performance.now() - start) / 1000, processor: (user + system) / 1e6 };
}

function say({ clock, processor }: Taken): string {
  return `${clock.toFixed(2)} s on the clock, ${processor.toFixed(2)} s of processor`;
}

function contextOf(store: Store, runId: string): Context {
  return {
    store,
    workspace: join(import.meta.dirname, ".."),
    dataDir: "",
    pipeline: { warnings: ["debt"] } as unknown as Context["pipeline"],
    sources: [],
    standard: { nodes: [{ id: "index" }] } as unknown as Context["standard"],
    indicators: new Map(),
    asOf: AS_OF,
    receivedAt: AS_OF,
    clock: () => new Date(0),
    period: PERIOD,
    periods: Array.from({ length: 13 }, (_, at) => shiftPeriod(PERIOD, at - 12)),
    runId,
    seed: 1,
    pseudonymKey: "",
    log: pino({ level: "silent" }),
    progress: SILENT,
  };
}
