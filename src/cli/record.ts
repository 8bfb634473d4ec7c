import { Command, Option } from "commander";
import { appendAudit } from "../audit/append.ts";
import { readEntityNames } from "../entity-names.ts";
import { listAllPublished } from "../publish/find-published.ts";
import { writeCertificate } from "../record/certificate.ts";
import { readEvents } from "../record/event-file.ts";
import { pushAgain } from "../record/outbox.ts";
import {
  findRecord,
  findRefusal,
  listRecords,
  readVerdict,
  showRecord,
} from "../record/records.ts";
import { type SubmittedEvent, submitEvent, submittedEvent } from "../record/submit-event.ts";
import { EVENTS, STATES, TRANSITIONS } from "../record/transitions.ts";
import { parseAsOf } from "../run-context.ts";
import { readText } from "../whole-file.ts";
import { act, makeCommand, readOption } from "./command.ts";
import { describeList, describePush, describeRecord } from "./describe-record.ts";
import {
  askRecords,
  type DeskOptions,
  openRecordDesk,
  push,
  type RecordDesk,
  takeIn,
} from "./record-desk.ts";
import { EXIT, printResult } from "./terminal.ts";

interface RecordOptions extends DeskOptions {
  readonly entity?: string;
  readonly state?: string;
  readonly source?: string;
  readonly again?: boolean;
}

interface ApplyOptions extends RecordOptions {
  readonly on: string;
  readonly by: string;
  readonly document?: string;
  readonly responsible?: string;
  readonly severity?: "minor" | "general" | "serious";
  readonly actEndedOn?: string;
  readonly amount?: string;
  readonly correctionDone?: boolean;
  readonly commitmentMade?: boolean;
  readonly otherBodyChecks?: boolean;
  readonly note?: string;
}

/** `zhengxin record …`: the life of dishonesty records. */
export function recordCommand(): Command {
  const group = new Command("record")
    .description("Dishonesty records: list, show, apply, apply-file, certificate, push.")
    .addHelpText(
      "after",
      `
示例 Examples:
  $ zhengxin record list --state disputed
  $ zhengxin record show SX01770
  $ zhengxin record apply SX01770 dispute --by 370281009 --responsible 11370200HC0000024F
  $ zhengxin record apply SX01770 revoke --by credit-office --document "2019-1"
  $ zhengxin record apply-file events.ndjson`,
    );
  group.addCommand(
    recordVerb("list", "List records of public bodies.", "list --entity 370281009")
      .option("--entity <code>", "only those of this body")
      .addOption(
        new Option("--state <state>", "only those in this state").choices(Object.keys(STATES)),
      )
      .action(
        act(async (options: RecordOptions) => {
          const desk = openRecordDesk(options);
          const records = await askRecords(desk, (store) => listRecords(store, options));
          printResult(options.json, records, describeList(records));
          return undefined;
        }),
      ),
  );
  group.addCommand(
    recordVerb(
      "show",
      "Show a record with its events, deadlines and what may follow.",
      "show SX01770",
    )
      .argument("<record>", "number of the record")
      .option("--source <id>", "its source, where several use the number")
      .action(
        act(async (number: string, options: RecordOptions) => {
          const desk = openRecordDesk(options);
          const found = await askRecords(desk, async (store) => {
            const record = await findRecord(store, number, options.source);
            return { record, ...(await showRecord(store, record)) };
          });
          printResult(options.json, found, describeRecord(found));
          return undefined;
        }),
      ),
  );
  group.addCommand(applyVerb());
  group.addCommand(applyFileVerb());
  group.addCommand(
    recordVerb("certificate", "Write the certificate of a repaired record.", "certificate SX01879")
      .argument("<record>", "number of the record")
      .option("--source <id>", "its source, where several use the number")
      .action(
        act(async (number: string, options: RecordOptions) => {
          const desk = openRecordDesk(options);
          const written = await askRecords(desk, async (store) => {
            const record = await findRecord(store, number, options.source);
            const { events } = await showRecord(store, record);
            const { dataDir, pipeline, rules } = desk;
            const names = await readEntityNames(store);
            return writeCertificate({ dataDir, pipeline, rules, names }, record, events);
          });
          const { head } = written.certificate;
          printResult(options.json, written, `${head.number}\n${written.folder}`);
          return undefined;
        }),
      ),
  );
  group.addCommand(
    recordVerb(
      "push",
      "Push results of objections and repairs back to the platform.",
      "push --again",
    )
      .option("--again", "also what the platform refused for good, or was given up")
      .action(
        act(async (options: RecordOptions) => {
          const desk = openRecordDesk(options);
          const outcome = await askRecords(desk, async (store) => {
            if (options.again) await pushAgain(store, desk.now);
            return push(desk, store);
          });
          printResult(options.json, outcome, describePush(outcome));
          return outcome.error === null ? undefined : EXIT.failed;
        }),
      ),
  );
  return group;
}

function applyVerb(): Command {
  return recordVerb(
    "apply",
    "Apply an event to a record.",
    'apply SX01770 uphold --by credit-office --document "2019-1"',
  )
    .argument("<record>", "number of the record")
    .argument("<event>", EVENTS.join(", "))
    .option("--source <id>", "source of the record, where several use the number")
    .requiredOption(
      "--by <office>",
      "office that acts, never a person; the body's own code for dispute and apply_repair",
    )
    .option("--on <time>", "when it happened; default: now", readOption(parseAsOf))
    .option("--document <number>", "number of the document")
    .option("--responsible <code>", "body that must answer the objection or withdraw the record")
    .addOption(
      new Option("--severity <severity>", "as confirmed or corrected").choices([
        "minor",
        "general",
        "serious",
      ]),
    )
    .option("--act-ended-on <day>", "as confirmed or corrected")
    .option("--amount <yuan>", "as confirmed or corrected")
    .option("--correction-done", "the act was corrected and its duty performed")
    .option("--commitment-made", "a public commitment was made")
    .option("--other-body-checks", "another body must check: the longer limit holds")
    .option("--note <text>", "why; not published")
    .action(
      act(async (record: string, name: string, options: ApplyOptions) => {
        const desk = openRecordDesk(options);
        const event = await askRecords(desk, async (store) => {
          const found = await findRecord(store, record, options.source);
          const made = submittedEvent.parse(eventOf(desk, found, name, options));
          const refused = await findRefusal(store, found, made, desk.rules);
          if (refused) throw new Error(`${refused.zh}${refused.en}`);
          return made;
        });
        return applyAll(desk, [event], options.json);
      }),
    );
}

function applyFileVerb(): Command {
  return recordVerb(
    "apply-file",
    "Apply the events of a file: NDJSON, or CSV when it ends in .csv.",
    "apply-file events.ndjson",
  )
    .argument("<file>", "events as docs/records.md describes them")
    .action(
      act(async (file: string, options: RecordOptions) => {
        const format = file.toLowerCase().endsWith(".csv") ? "csv" : "ndjson";
        const events = readEvents(readText(file), format).map((one) => {
          if ("event" in one) return one.event;
          throw new Error(`${file}:${one.line}: ${one.fault.zh}${one.fault.en}`);
        });
        return applyAll(openRecordDesk(options), events, options.json);
      }),
    );
}

/** Hands events in, lets the line take them, and tells what became of each. */
async function applyAll(
  desk: RecordDesk,
  events: readonly SubmittedEvent[],
  json: boolean | undefined,
): Promise<number | undefined> {
  const { config, pipeline, now } = desk;
  refuseBackdating(desk);
  const receipts = events.map((event) => submitEvent(config, pipeline.pipeline, event, now));
  const { results, pushed } = await takeIn(desk, async (store) => {
    const taken = [];
    for (const [at, event] of events.entries()) {
      const receipt = receipts[at] as (typeof receipts)[number];
      taken.push({
        event,
        ...receipt,
        ...(await readVerdict(store, receipt.event_id)),
        receipt: receipt.state,
      });
    }
    return { results: taken, pushed: await push(desk, store) };
  });
  for (const one of results) {
    await appendAudit(config, {
      jurisdiction: pipeline.jurisdiction,
      actor: one.event.actor_body,
      action: `record.${one.event.event}`,
      target: one.event.record,
      detail: { event: one.event_id, outcome: "refused" in one ? "refused" : "done" },
    });
  }
  const lines = results.map((one) => {
    const what = `${one.event_id}  ${one.event.record}  ${TRANSITIONS[one.event.event].zh} ${one.event.event}`;
    return "refused" in one
      ? `${what}\n    ! ${one.refused.zh}\n      ${one.refused.en}`
      : `${what} → ${STATES[one.state as keyof typeof STATES].zh} ${one.state}`;
  });
  printResult(json, { events: results, pushed }, [...lines, describePush(pushed)].join("\n"));
  return results.some((one) => "refused" in one) ? EXIT.failed : undefined;
}

/** What is handed in now was not known when a month was published: that month must stay what it is. */
function refuseBackdating({ dataDir, now }: RecordDesk): void {
  const published = listAllPublished(dataDir).map(({ asOf }) => asOf);
  const newest = published.toSorted().at(-1);
  if (newest === undefined || newest < now) return;
  throw new Error(
    `已有按截至 ${newest} 所知发布的期间，现在办理的事件不能在 ${now} 已知。A period is published as known at ${newest}; an event handed in now cannot have been known at ${now}. Give a later --at, or none; --on says when it happened.`,
  );
}

function eventOf(
  { now }: RecordDesk,
  {
    record_key,
    source_id,
    entity_id,
  }: { record_key: string; source_id: string; entity_id: string },
  event: string,
  options: ApplyOptions,
) {
  return {
    record: record_key,
    source: source_id,
    entity: entity_id,
    event,
    occurred_at: options.on ?? now,
    actor_body: options.by,
    document_no: options.document,
    responsible: options.responsible,
    severity: options.severity,
    act_ended_on: options.actEndedOn,
    obligation_amount: options.amount === undefined ? undefined : Number(options.amount),
    correction_done: options.correctionDone,
    commitment_made: options.commitmentMade,
    other_body_checks: options.otherBodyChecks,
    note: options.note,
  };
}

function recordVerb(name: string, description: string, example: string): Command {
  return makeCommand(name, description, [`record ${example}`])
    .option("--pipeline <name>", "name of a file in pipelines/")
    .option(
      "--at <time>",
      "time that counts; default: now, in the pipeline's zone",
      readOption(parseAsOf),
    );
}
