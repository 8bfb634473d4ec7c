import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Config } from "../config.ts";
import { findPublished } from "../publish/find-published.ts";
import type { SourceState } from "../publish/report.ts";
import type { Queues } from "../queue/queues.ts";
import type { WorkedJob } from "../queue/worker.ts";
import { findPipeline, listPipelines } from "../standard/workspace.ts";

export interface Metrics {
  readonly contentType: string;
  /** Everything in the Prometheus text format. */
  read(): Promise<string>;
  /** Counts a job that ended in this process. */
  countJob(job: WorkedJob): void;
}

/** While Redis is away, the rest is told without the counts of jobs. */
const PATIENCE_MS = 2000;
const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180, 600];

/**
 * The figures of one process: jobs it worked on, and what all share, the queues and the newest published month.
 * docs/operations.md lists them.
 */
export function openMetrics(config: Config, queues: Queues): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: "zhengxin_job_duration_seconds",
    help: "Seconds that jobs took in this process, tries that failed too",
    labelNames: ["stage", "outcome"],
    buckets: SECONDS,
    registers,
  });
  const rowsIn = new Counter({
    name: "zhengxin_rows_in_total",
    help: "Rows of new files taken into the raw layer by this process",
    labelNames: ["pipeline", "source"],
    registers,
  });
  const reached = new Gauge({
    name: "zhengxin_source_reached",
    help: "1 when the newest try of this process to pull a source got all it has, else 0",
    labelNames: ["pipeline", "source"],
    registers,
  });
  const rowsQuarantined = new Counter({
    name: "zhengxin_rows_quarantined_total",
    help: "Rows that conform set aside in this process",
    labelNames: ["pipeline"],
    registers,
  });
  new Gauge({
    name: "zhengxin_jobs",
    help: "Jobs by queue and state; failed ones wait for somebody",
    labelNames: ["queue", "state"],
    registers,
    async collect() {
      this.reset();
      for (const [queue, counts] of await countJobs(queues)) {
        for (const [state, count] of Object.entries(counts)) this.set({ queue, state }, count);
      }
    },
  });
  addSourceMetrics(config, registers);
  return {
    contentType: registry.contentType,
    read: () => registry.metrics(),
    countJob({ stage, pipeline, source, seconds, outcome, counts }) {
      durations.observe({ stage, outcome }, seconds);
      if (stage === "pull" && source) {
        rowsIn.inc({ pipeline, source }, counts.rows ?? 0);
        const isWhole = outcome === "done" && !counts.absent && !counts.unopened;
        reached.set({ pipeline, source }, isWhole ? 1 : 0);
      }
      if (stage === "conform") rowsQuarantined.inc({ pipeline }, counts.quarantined ?? 0);
    },
  };
}

async function countJobs({ all }: Queues): Promise<[string, Record<string, number>][]> {
  const counted = Promise.all(
    all.map(
      async (queue): Promise<[string, Record<string, number>]> => [
        queue.name,
        await queue.getJobCounts(),
      ],
    ),
  );
  const late = new Promise<[]>((resolve) => setTimeout(resolve, PATIENCE_MS, []).unref());
  return Promise.race([counted, late]);
}

/** What the newest published month of each pipeline says of its sources. */
function addSourceMetrics(config: Config, registers: Registry[]): void {
  const labelNames = ["pipeline", "source"] as const;
  // Registered first, so that it has filled the others by the time they are read.
  new Gauge({
    name: "zhengxin_source_fresh",
    help: "1 when the newest published period calls a source fresh, else 0",
    labelNames,
    registers,
    collect() {
      for (const gauge of [this, ...Object.values(gauges)]) gauge.reset();
      for (const { pipeline, source } of readSources(config)) {
        const labels = { pipeline, source: source.source_id };
        this.set(labels, source.state === "fresh" ? 1 : 0);
        gauges.loaded.set(labels, source.rows_loaded);
        gauges.quarantined.set(labels, source.rows_quarantined);
        if (source.newest_known) {
          gauges.newest.set(labels, Date.parse(`${source.newest_known.replace(" ", "T")}Z`) / 1000);
        }
      }
    },
  });
  const gauges = {
    newest: new Gauge({
      name: "zhengxin_source_newest_known_timestamp_seconds",
      help: "When the newest row of a source became known, civil time read as UTC, by the newest published period",
      labelNames,
      registers,
    }),
    loaded: new Gauge({
      name: "zhengxin_source_rows_loaded",
      help: "Rows of a source in use in the newest published period",
      labelNames,
      registers,
    }),
    quarantined: new Gauge({
      name: "zhengxin_source_rows_quarantined",
      help: "Rows of a source set aside in the newest published period",
      labelNames,
      registers,
    }),
  };
}

function readSources({ workspace, dataDir }: Config) {
  return listPipelines(workspace).flatMap((name) => {
    try {
      const { jurisdiction } = findPipeline(workspace, name);
      const folder = findPublished(join(dataDir, jurisdiction), name);
      const report: { sources: SourceState[] } = JSON.parse(
        readFileSync(join(folder, "report.json"), "utf8"),
      );
      return report.sources.map((source) => ({ pipeline: name, source }));
    } catch {
      // Nothing published yet, or a definition somebody is just editing: there is nothing to tell.
      return [];
    }
  });
}
