import { normaliseIdentifier } from "../standard/identifiers.ts";
import type { Known } from "./replay-record.ts";

/** A code or name that a body answers to, and when: ISO days, half-open; valid_to null: still. */
export interface BodyCode {
  readonly code: string;
  readonly scheme: string;
  readonly entity_id: string;
  readonly valid_from: string;
  readonly valid_to: string | null;
}

/** Who answers to what is written in an event. */
export interface AnsweringBodies {
  /** The body of a code; undefined when nobody, or more than one, answers to it. */
  readonly bodyOf: (code: string) => string | undefined;
  /**
   * The body that acts, by its code or its name as they were on a day; undefined where an office acts that is no body on
   * file, as the credit office does, or where several bodies have the name.
   */
  readonly actorOf: (text: string, day: string) => string | undefined;
}

/** Lays out who answers to which code and name, in whatever spelling they are written. */
export function layOutAnswering(codes: readonly BodyCode[]): AnsweringBodies {
  const claims = groupByForm(codes);
  return {
    bodyOf: (code) =>
      soleBody((claims.get(normaliseIdentifier(code)) ?? []).filter((one) => !isName(one))),
    actorOf: (text, day) => soleActor(claims.get(normaliseIdentifier(text)) ?? [], day),
  };
}

/**
 * Says of every event which body acts, by the codes and names as they were known at the time: where that changes while the event
 * is known, the event is told in as many versions, so that what arrives later does not change what was known before.
 */
export function nameActors<E extends Known & { actor_body: string; occurred_at: string }>(
  events: readonly E[],
  codes: readonly (BodyCode & Known)[],
): (E & { readonly actor_id: string | null; readonly first_known: string })[] {
  const claims = groupByForm(codes);
  return events.flatMap((event) => {
    const { actor_body, occurred_at, known_from, known_to } = event;
    const about = claims.get(normaliseIdentifier(actor_body)) ?? [];
    const isWithin = (time: string) => time > known_from && (known_to === null || time < known_to);
    const cuts = about
      .flatMap((one) => [one.known_from, one.known_to])
      .filter((time) => time !== null && isWithin(time)) as string[];
    const times = [known_from, ...[...new Set(cuts)].toSorted()];
    return times.map((from, at) => {
      const known = about.filter(
        (one) => one.known_from <= from && (one.known_to === null || one.known_to > from),
      );
      const actor_id = soleActor(known, occurred_at.slice(0, 10)) ?? null;
      return {
        ...event,
        actor_id,
        first_known: known_from,
        known_from: from,
        known_to: times[at + 1] ?? known_to,
      };
    });
  });
}

function isName({ scheme }: BodyCode): boolean {
  return scheme === "name";
}

/** By code, or when it is none, by name. */
function soleActor(claims: readonly BodyCode[], day: string): string | undefined {
  const inForce = claims.filter(
    ({ valid_from, valid_to }) => valid_from <= day && (valid_to === null || valid_to > day),
  );
  return soleBody(inForce.filter((one) => !isName(one))) ?? soleBody(inForce.filter(isName));
}

function soleBody(claims: readonly BodyCode[]): string | undefined {
  const bodies = new Set(claims.map(({ entity_id }) => entity_id));
  return bodies.size === 1 ? [...bodies][0] : undefined;
}

function groupByForm<C extends BodyCode>(codes: readonly C[]): Map<string, C[]> {
  const groups = new Map<string, C[]>();
  for (const one of codes) {
    for (const form of longerForms(normaliseIdentifier(one.code))) {
      const group = groups.get(form);
      if (group) group.push(one);
      else groups.set(form, [one]);
    }
  }
  return groups;
}

/** A division's code of six or nine digits is also written with noughts behind it. */
function longerForms(code: string): string[] {
  if (!/^([0-9]{6}|[0-9]{9})$/.test(code)) return [code];
  return [...new Set([code, code.padEnd(9, "0"), code.padEnd(12, "0")])];
}
