import cliProgress from "cli-progress";
import { type Logger, pino } from "pino";
import type { Config } from "../config.ts";
import { type Progress, SILENT, type StageOutcome } from "../context.ts";
import { openLogStream } from "../log-files.ts";
import { DefinitionError } from "../standard/yaml-document.ts";
import { storageFaultOf } from "../store/storage-fault.ts";

/** What the shell gets back. Documented in docs/operations.md. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  invalidDefinitions: 3,
  differs: 4,
} as const;

/** Prints a result: as JSON when asked for, else as text for people. */
export function printResult(json: boolean | undefined, value: unknown, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : `${text.trimEnd()}\n`);
}

/** Prints why a command failed, as a sentence (or as JSON), and gives the exit code. */
export function printFailure(json: boolean | undefined, error: unknown): number {
  const storage = storageFaultOf(error);
  const told = error instanceof Error ? error.message : String(error);
  const message = storage ? `${storage.zh} ${storage.en}` : told;
  const faults = error instanceof DefinitionError ? error.faults : undefined;
  if (json) process.stdout.write(`${JSON.stringify({ error: message, faults }, null, 2)}\n`);
  else process.stderr.write(`${message}\n`);
  return faults ? EXIT.invalidDefinitions : EXIT.failed;
}

/** A log on standard error, so that standard output stays a result. */
export function openLog(config: Config): Logger {
  return pino({ level: config.logLevel, base: null }, pino.destination(2));
}

/** The same of a service, which may write it to files as well. */
export function openServiceLog(config: Config): Logger {
  if (!config.logFolder) return openLog(config);
  return pino({ level: config.logLevel, base: null }, openLogStream(config));
}

/** A bar on standard error while somebody watches; silence in pipes and with --json. */
export function openProgress(json: boolean | undefined): Progress & { stop(): void } {
  if (json || !process.stderr.isTTY) return { ...SILENT, stop() {} };
  const bar = new cliProgress.SingleBar(
    {
      format: "{stage} [{bar}] {value}/{total} {note}",
      clearOnComplete: true,
      hideCursor: true,
      stream: process.stderr,
    },
    cliProgress.Presets.shades_classic,
  );
  let stage = "";
  return {
    step(name, done, total, note = "") {
      if (name === stage) bar.setTotal(total);
      else {
        if (stage) bar.stop();
        stage = name;
        bar.start(total, done, { stage: name, note });
      }
      bar.update(done, { stage: name, note });
    },
    stop() {
      if (stage) bar.stop();
    },
  };
}

/** One line for each stage, with its counts, and its notes below. */
export function describeOutcomes(outcomes: readonly StageOutcome[]): string {
  return outcomes
    .map(({ stage, counts, notes }) => {
      const numbers = Object.entries(counts)
        .map(([name, count]) => `${name} ${count.toLocaleString("en-US")}`)
        .join(", ");
      return [
        `${stage.padEnd(8)} ${numbers}`,
        ...notes.flatMap(({ zh, en }) => [`         ! ${zh}`, `           ${en}`]),
      ].join("\n");
    })
    .join("\n");
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/;

/** Pads text to so many columns of a terminal, where a Chinese character takes two. */
export function padColumns(text: string, width: number): string {
  let columns = 0;
  for (const character of text) columns += WIDE.test(character) ? 2 : 1;
  return text + " ".repeat(Math.max(0, width - columns));
}

/** The Chinese and the English name; one of them when they are the same. */
export function bothNames(zh: string, en: string): string {
  return zh === en ? zh : `${zh} ${en}`;
}
