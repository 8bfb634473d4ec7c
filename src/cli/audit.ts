import { Command } from "commander";
import type { AuditEntry } from "../audit/entry.ts";
import { readAudit, verifyAudit } from "../audit/verify-audit.ts";
import { findPipeline } from "../standard/workspace.ts";
import { listNotedEntries } from "../verify-chain.ts";
import { choosePipeline } from "./choose-pipeline.ts";
import {
  act,
  type CommonOptions,
  configFor,
  makeCommand,
  readCount,
  readOption,
} from "./command.ts";
import { EXIT, printResult } from "./terminal.ts";

interface ListOptions extends CommonOptions {
  readonly action?: string;
  readonly actor?: string;
  readonly target?: string;
  readonly since?: string;
  readonly limit: string;
}

/** `zhengxin audit …`: the journal of who looked up or changed what. */
export function auditCommand(): Command {
  const group = new Command("audit").description(
    "The journal of who looked up or changed what: list, verify.",
  );
  group.addCommand(
    makeCommand("list", "List entries of the journal, the newest last.", [
      "audit list",
      "audit list qingdao --actor finance-bureau --action alert.close",
    ])
      .argument("[pipeline]", "name of a file in pipelines/")
      .option("--action <action>", "only this action, or those below it, as alert")
      .option("--actor <office>", "only what this office did")
      .option("--target <target>", "only what was done to this")
      .option("--since <time>", "only from this instant on, as 2019-01-31 or 2019-01-31T08:00:00Z")
      .option("--limit <count>", "the newest so many", readCount, "100")
      .action(
        act(async (named: string | undefined, options: ListOptions) => {
          const { config, jurisdiction } = place(named, options);
          const entries: AuditEntry[] = [];
          for await (const entry of readAudit(config, jurisdiction)) {
            if (!isAsked(entry, options)) continue;
            entries.push(entry);
            if (entries.length > Number(options.limit)) entries.shift();
          }
          printResult(options.json, entries, describeEntries(entries));
          return undefined;
        }),
      ),
  );
  group.addCommand(
    makeCommand("verify", "Check that nothing in the journal was changed, moved or taken out.", [
      "audit verify",
      "audit verify --noted 512:9f3c...   an entry noted down earlier must still be there",
    ])
      .argument("[pipeline]", "name of a file in pipelines/")
      .option("--noted <entry>", "sequence and hash of an entry, as verify printed them", readNoted)
      .action(
        act(
          async (
            named: string | undefined,
            options: CommonOptions & { readonly noted?: string },
          ) => {
            const { config, jurisdiction } = place(named, options);
            const [sequence = "", hash = ""] = (options.noted ?? "").split(":");
            const noted = options.noted ? [{ sequence: Number(sequence), hash }] : [];
            const result = await verifyAudit(config, jurisdiction, [
              ...noted,
              ...listNotedEntries(config, jurisdiction),
            ]);
            const whole = result.faults.length === 0;
            printResult(
              options.json,
              result,
              [
                ...result.faults.map(({ message }) => message),
                whole
                  ? `一致 ${result.entries} entries, each as it was written and in its place.`
                  : `不一致 ${result.faults.length} fault(s) in ${result.entries} entries.`,
                ...(result.head ? [`${result.head.sequence}:${result.head.hash}`] : []),
              ].join("\n"),
            );
            return whole ? EXIT.done : EXIT.differs;
          },
        ),
      ),
  );
  return group;
}

const readNoted = readOption((text) => {
  if (!/^[1-9]\d*:[0-9a-f]{64}$/.test(text)) {
    throw new Error("Write it as verify prints it: the number of the entry, a colon, its hash.");
  }
  return text;
});

function place(named: string | undefined, options: CommonOptions) {
  const config = configFor(options);
  const pipeline = findPipeline(config.workspace, choosePipeline(config.workspace, named));
  return { config, jurisdiction: pipeline.jurisdiction };
}

function isAsked(entry: AuditEntry, { action, actor, target, since }: ListOptions): boolean {
  return (
    (action === undefined || entry.action === action || entry.action.startsWith(`${action}.`)) &&
    (actor === undefined || entry.actor === actor) &&
    (target === undefined || entry.target === target) &&
    (since === undefined || entry.time >= since)
  );
}

function describeEntries(entries: readonly AuditEntry[]): string {
  if (entries.length === 0) return "没有记录。The journal has no such entry.";
  return entries
    .map(({ sequence, time, actor, role, action, target, detail }) => {
      const more = Object.entries(detail).map(([key, value]) => `${key}=${value}`);
      return `${String(sequence).padStart(6)}  ${time}  ${actor} (${role})  ${action}  ${target}  ${more.join(" ")}`.trimEnd();
    })
    .join("\n");
}
