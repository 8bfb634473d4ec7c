import { Command, Option } from "commander";
import { deliverAgain, deliverAlerts } from "../alert/deliver.ts";
import {
  type Act,
  type Alert,
  type AlertEvent,
  type AlertState,
  acknowledgeAlert,
  closeAlert,
  escalateOverdue,
  findAlert,
  handleAlert,
  listAlerts,
  raiseTestAlert,
  readEvents,
  routeAlert,
  snoozeAlert,
} from "../alert/life-cycle.ts";
import { parseAsOf } from "../run-context.ts";
import { readChannels } from "../standard/alert-channels.ts";
import { normaliseIdentifier } from "../standard/identifiers.ts";
import { type AlertDesk, atDesk } from "./alert-desk.ts";
import { act, type CommonOptions, makeCommand, readOption } from "./command.ts";
import { padColumns, printResult } from "./terminal.ts";

interface AlertOptions extends CommonOptions {
  readonly pipeline?: string;
  readonly by?: string;
  readonly at?: string;
  readonly note?: string;
  readonly state?: AlertState;
  readonly entity?: string;
  readonly plan?: string;
  readonly responsible?: string;
  readonly due?: string;
  readonly until?: string;
  readonly owner?: string;
  readonly again?: boolean;
}

const STATES = ["raised", "acknowledged", "handling", "closed"];

/** `zhengxin alert …`: the alerts and what is done about them. */
export function alertCommand(): Command {
  const group = new Command("alert")
    .description(
      "Alerts: list, show, acknowledge, handle, close, snooze, route, escalate, deliver, test.",
    )
    .addHelpText(
      "after",
      `
示例 Examples:
  $ zhengxin alert list --state raised
  $ zhengxin alert acknowledge 3f2a --by finance-bureau
  $ zhengxin alert handle 3f2a --by finance-bureau --plan "repay 200 million" --responsible 370285 --due 2019-03-31
  $ zhengxin alert test`,
    );
  group.addCommand(
    alertVerb("list", "List alerts, the worst first.", "list --state raised")
      .addOption(new Option("--state <state>", "only those in this state").choices(STATES))
      .option("--entity <code>", "only those of this body")
      .action(
        withAlerts(async (desk, options) => {
          const alerts = await listAlerts(desk.store, {
            state: options.state,
            entity: options.entity && normaliseIdentifier(options.entity),
            pipeline: desk.pipeline,
          });
          printResult(options.json, alerts, describeList(alerts));
        }),
      ),
  );
  group.addCommand(
    alertVerb("show", "Show an alert with everything that happened to it.", "show 3f2a")
      .argument("<alert>", "id of an alert, or the beginning of it")
      .action(
        withAlert(async (desk, id, options) => {
          const alert = await findAlert(desk.store, id, desk.pipeline);
          const events = await readEvents(desk.store, alert.alert_id);
          printResult(options.json, { ...alert, events }, describeAlert(alert, events));
        }),
      ),
  );
  group.addCommand(
    changeVerb(
      "acknowledge",
      "Say that an alert has been seen.",
      "acknowledge 3f2a --by finance-bureau",
      acknowledge,
    ),
  );
  group.addCommand(
    changeVerb(
      "handle",
      "Say who does what about an alert, and by when.",
      'handle 3f2a --by finance-bureau --plan "..." --responsible 370285 --due 2019-03-31',
      handle,
    )
      .requiredOption("--plan <text>", "what is done")
      .requiredOption("--responsible <body>", "the responsible body")
      .requiredOption("--due <day>", "day by which it is done, as 2019-03-31", readDay),
  );
  group.addCommand(
    changeVerb(
      "close",
      "Close an alert; a note says why.",
      'close 3f2a --by finance-bureau --note "repaid"',
      close,
    ),
  );
  group.addCommand(
    changeVerb(
      "snooze",
      "Keep an alert silent until a time.",
      "snooze 3f2a --by finance-bureau --until 2019-02-01",
      snooze,
    ).requiredOption("--until <time>", "a day, or a day and time", readOption(parseAsOf)),
  );
  group.addCommand(
    changeVerb(
      "route",
      "Hand an alert to another owner.",
      "route 3f2a --by finance-bureau --owner city-government",
      route,
    ).requiredOption("--owner <owner>", "owner named in the warning rules"),
  );
  group.addCommand(
    alertVerb(
      "escalate",
      "Escalate alerts that were not acknowledged or handled in time.",
      "escalate",
    ).action(
      withAlerts(async (desk, options) => {
        const escalated = await escalateOverdue(
          desk.store,
          desk.now,
          desk.escalateTo,
          desk.pipeline,
        );
        printResult(options.json, { escalated }, `已上报 escalated: ${escalated}`);
      }),
    ),
  );
  group.addCommand(
    alertVerb(
      "deliver",
      "Escalate what is overdue, and send what is due through the channels.",
      "deliver --again",
    )
      .option("--again", "also what a channel refused for good, or was given up")
      .action(
        withAlerts(async (desk, options) => {
          if (options.again) await deliverAgain(desk.store, desk.now);
          await escalateOverdue(desk.store, desk.now, desk.escalateTo, desk.pipeline);
          const outcome = await deliver(desk);
          printResult(options.json, outcome, describeDelivery(outcome));
        }),
      ),
  );
  group.addCommand(
    alertVerb("test", "Send a test alert through every channel.", "test --owner finance-bureau")
      .option("--entity <code>", "body it is said to be of", "test")
      .option("--owner <owner>", "owner it goes to; default: the first of the warning rules")
      .option("--by <office>", "office that sends it", "zhengxin")
      .action(
        withAlerts(async (desk, options) => {
          const owner = options.owner ?? desk.owners[0] ?? "test";
          const alert = await raiseTestAlert(
            desk.store,
            actOf(desk, options),
            options.entity ?? "test",
            owner,
          );
          const outcome = await deliver(desk);
          printResult(
            options.json,
            { alert, ...outcome },
            `${alert.alert_id}\n${describeDelivery(outcome)}`,
          );
        }),
      ),
  );
  return group;
}

const readDay = readOption((text) => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new Error("Write the day as 2019-03-31.");
  return parseAsOf(text).slice(0, 10);
});

function alertVerb(name: string, description: string, example: string): Command {
  return makeCommand(name, description, [`alert ${example}`])
    .option("--pipeline <name>", "name of a file in pipelines/")
    .option(
      "--at <time>",
      "time it happens; default: now, in the pipeline's zone",
      readOption(parseAsOf),
    );
}

type Change = (desk: AlertDesk, id: string, act: Act, options: AlertOptions) => Promise<Alert>;

function changeVerb(name: string, description: string, example: string, work: Change): Command {
  return alertVerb(name, description, example)
    .argument("<alert>", "id of an alert, or the beginning of it")
    .requiredOption("--by <office>", "office that acts; never a person's name")
    .option("--note <text>", "what is to be remembered")
    .action(
      withAlert(async (desk, id, options) => {
        const { alert_id } = await findAlert(desk.store, id, desk.pipeline);
        const alert = await work(desk, alert_id, actOf(desk, options), options);
        printResult(options.json, alert, describeList([alert]));
      }),
    );
}

const acknowledge: Change = ({ store }, id, by) => acknowledgeAlert(store, id, by);
const close: Change = ({ store }, id, by) => closeAlert(store, id, by);
const snooze: Change = ({ store }, id, by, { until }) =>
  snoozeAlert(store, id, by, until as string);
const handle: Change = ({ store }, id, by, { plan, responsible, due }) =>
  handleAlert(store, id, by, {
    plan: plan as string,
    responsible: responsible as string,
    dueOn: due as string,
  });
const route: Change = ({ store, owners }, id, by, { owner }) => {
  if (!owners.includes(owner as string)) {
    throw new Error(`There is no owner "${owner}"; the warning rules name ${owners.join(", ")}.`);
  }
  return routeAlert(store, id, by, owner as string);
};

function actOf({ now }: AlertDesk, { by, note }: AlertOptions): Act {
  return { actor: by ?? "zhengxin", now, note };
}

function deliver({ store, dataDir, config, now, seconds, audienceOf }: AlertDesk) {
  return deliverAlerts({
    audienceOf,
    atDatabase: (work) => work(store),
    dataDir,
    now,
    seconds,
    channels: readChannels(config.alertChannels ?? ""),
  });
}

function withAlerts(work: (desk: AlertDesk, options: AlertOptions) => Promise<void>) {
  return act((options: AlertOptions, command: Command) =>
    atDesk(command.name(), "", options, (desk) => work(desk, options)),
  );
}

function withAlert(work: (desk: AlertDesk, id: string, options: AlertOptions) => Promise<void>) {
  return act((id: string, options: AlertOptions, command: Command) =>
    atDesk(command.name(), id, options, (desk) => work(desk, id, options)),
  );
}

function describeList(alerts: readonly Alert[]): string {
  if (alerts.length === 0) return "没有预警。There are no alerts.";
  return alerts
    .map(
      (alert) =>
        `${alert.alert_id}  ${alert.level.padEnd(7)}${alert.state.padEnd(13)}${alert.recovered ? "(ended) " : ""}${padColumns(`${alert.name_zh ?? alert.entity_id} ${alert.name_en ?? ""}`, 34)} ${alert.began}  → ${alert.routed_to}${alert.escalations ? `  escalated ${alert.escalations}x` : ""}\n    ${alert.message_zh}\n    ${alert.message_en}`,
    )
    .join("\n");
}

function describeAlert(alert: Alert, events: readonly AlertEvent[]): string {
  return [
    describeList([alert]),
    `    acknowledge by ${alert.acknowledge_by}, handle by ${alert.due_on ?? alert.handle_by}`,
    ...events.map((event) =>
      [
        `  ${String(event.sequence).padStart(3)}  ${event.occurred_at}  ${event.kind.padEnd(13)}${event.actor}`,
        event.level,
        event.plan && `plan: ${event.plan}`,
        event.responsible && `responsible: ${event.responsible}`,
        event.due_on && `due ${event.due_on}`,
        event.snoozed_until && `until ${event.snoozed_until}`,
        event.owner && `to ${event.owner}`,
        event.note,
        event.message_zh,
      ]
        .filter(Boolean)
        .join("  "),
    ),
  ].join("\n");
}

function describeDelivery(outcome: Awaited<ReturnType<typeof deliverAlerts>>): string {
  return [
    `排队 queued: ${outcome.queued}   已送 sent: ${outcome.sent}   未送达 not delivered: ${outcome.failed}${outcome.refused > 0 ? `   其中被拒收，已搁置 of these refused for good and set aside: ${outcome.refused} ("zhengxin alert deliver --again")` : ""}`,
    ...outcome.failures.map(({ channel, error }) => `  ${channel}: ${error}`),
  ].join("\n");
}
