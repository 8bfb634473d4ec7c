import { UNDISCLOSED } from "../../publish/outputs.ts";
import type { Bilingual } from "../../publish/report.ts";
import { TEXTS } from "../../publish/texts.ts";
import type { Month } from "../months/open-month.ts";
import type { AlertRow, StandingRow } from "./shapes.ts";

type PublishedLevel = Month["report"]["levels"][number];
type PublishedBody = PublishedLevel["peer_classes"][number]["bodies"][number];

/** A body of a report with where it stands. */
export interface FoundBody {
  readonly body: PublishedBody;
  readonly standing: StandingRow;
  readonly level: PublishedLevel;
  readonly peers: PublishedLevel["peer_classes"][number];
}

const indexes = new WeakMap<Month, ReadonlyMap<string, FoundBody>>();

/** Every body of a month by its id. */
export function bodiesOf(month: Month): ReadonlyMap<string, FoundBody> {
  const known = indexes.get(month);
  if (known) return known;
  const found = new Map<string, FoundBody>();
  for (const level of month.report.levels) {
    for (const peers of level.peer_classes) {
      for (const body of peers.bodies) {
        found.set(body.entity_id, {
          body,
          level,
          peers,
          standing: toStanding(body, level.level, peers.id),
        });
      }
    }
  }
  indexes.set(month, found);
  return found;
}

function toStanding(body: PublishedBody, level: string, peerClass: string): StandingRow {
  const { dimensions: _d, indicators: _i, contributions: _c, records: _r, ...rest } = body;
  return { ...rest, level, peer_class: peerClass, history: [...body.history] };
}

/** The level a page is about: the one named, else the first. */
export function chooseLevel(month: Month, id: string): PublishedLevel | undefined {
  const { levels } = month.report;
  return id === "" ? levels[0] : levels.find(({ level }) => level === id);
}

/** The levels with how many bodies each has. */
export function describeLevels(month: Month) {
  return month.report.levels.map(({ level, title, peer_classes }) => ({
    level,
    title,
    bodies: peer_classes.reduce((sum, { bodies }) => sum + bodies.length, 0),
  }));
}

/** Standings of a level, class by class, each in the order of ranks. */
export function standingsOf(month: Month, { peer_classes }: PublishedLevel): StandingRow[] {
  const all = bodiesOf(month);
  return peer_classes.flatMap(({ bodies }) =>
    bodies.flatMap(({ entity_id }) => all.get(entity_id)?.standing ?? []),
  );
}

/** What is said where no alert stands: none was reached, or nobody had worked any out. */
export function sayNoAlert({ has }: Month): "noAlertsAtAll" | "noWarningsHeld" {
  return has("warning_rule") ? "noAlertsAtAll" : "noWarningsHeld";
}

const WORST = ["red", "orange", "yellow"];

/** What stands above green, the worst first, with names. */
export async function readAlerts(month: Month): Promise<AlertRow[]> {
  const rules = await month.rows<{
    warnings_id: string;
    id: string;
    title_zh: string;
    title_en: string;
  }>("warning-rules");
  const titles = new Map(
    rules.map(({ warnings_id, id, title_zh: zh, title_en: en }): [string, Bilingual] => [
      `${warnings_id} ${id}`,
      { zh, en },
    ]),
  );
  const bodies = bodiesOf(month);
  return month.report.warnings
    .flatMap(({ id, standing }) =>
      standing.map(({ rule_id, entity_id, message_zh, message_en, ...row }) => ({
        entity_id,
        warnings_id: id,
        rule_id,
        part: row.part,
        kind: row.kind,
        name: bodies.get(entity_id)?.body.name ?? { zh: entity_id, en: entity_id },
        title: titles.get(`${id} ${rule_id}`) ?? { zh: rule_id, en: rule_id },
        level: row.level,
        began: row.began,
        expected: row.expected,
        value: row.value,
        line: row.line,
        message: { zh: message_zh, en: message_en },
      })),
    )
    .toSorted((a, b) => WORST.indexOf(a.level) - WORST.indexOf(b.level));
}

/** Names of indicators, dimensions and rules by id. */
export async function readTitles(month: Month): Promise<Map<string, Bilingual>> {
  const named = [
    ...(await month.rows<NamedRow>("indicators")),
    ...(await month.rows<NamedRow>("nodes")),
    ...(await month.rows<NamedRow>("rules")),
  ];
  return new Map([
    [UNDISCLOSED, TEXTS.undisclosed],
    ...named.map(({ id, title_zh: zh, title_en: en }): [string, Bilingual] => [id, { zh, en }]),
  ]);
}

interface NamedRow {
  readonly id: string;
  readonly title_zh: string;
  readonly title_en: string;
}
