import type { Job } from "bullmq";
import { type Logger, multistream, pino } from "pino";
import type { Progress, StageOutcome } from "../context.ts";
import type { LogStream } from "../log-files.ts";

const PROGRESS_MS = 500;

/** Tells a job how far its stage is, at most twice a second; what cannot be told is not waited for. */
export function reportProgress(job: Job): Progress {
  let last = 0;
  return {
    step(stage, done, total, note = "") {
      const now = performance.now();
      if (done < total && now - last < PROGRESS_MS) return;
      last = now;
      job.updateProgress({ stage, done, total, note }).catch(() => undefined);
    },
  };
}

/** A log that writes where the given one does and, from level info up, to the job. */
export function logToJob(job: Job, log: Logger, destination: LogStream): Logger {
  const level = log.level as pino.Level;
  const toJob = {
    write(line: string) {
      job.log(line.trimEnd()).catch(() => undefined);
    },
  };
  return pino(
    { level: "debug", base: { job: job.id } },
    multistream([
      ...(log.level === "silent" ? [] : [{ level, stream: destination }]),
      { level: "info" as const, stream: toJob },
    ]),
  );
}

/** What a stage did, in the lines of its job. */
export async function logOutcome(job: Job, { stage, counts, notes }: StageOutcome): Promise<void> {
  const numbers = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  await job.log(`${stage}: ${numbers.join(", ")}`);
  for (const { zh, en } of notes) await job.log(`! ${zh} ${en}`);
}
