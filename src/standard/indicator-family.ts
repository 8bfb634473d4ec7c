import { createHash } from "node:crypto";
import type { IndicatorFile } from "./indicator-file.ts";

type Known = ReadonlyMap<string, IndicatorFile>;

const MEMBER = /^[A-Za-z][A-Za-z0-9_-]*$/;

/**
 * The indicator an id stands for: a file of its own, or a member of a family, as ASEM/figure/LPI of ASEM/figure. A
 * family is one SQL file for many reported figures of the same form; `$member` in it is the member's name.
 * @returns undefined when there is none, or when the id is a family's own
 */
export function resolveIndicator(known: Known, id: string): IndicatorFile | undefined {
  const own = known.get(id);
  if (own) return own.family ? undefined : own;
  const slash = id.lastIndexOf("/");
  const family = known.get(id.slice(0, Math.max(0, slash)));
  const member = id.slice(slash + 1);
  if (!family?.family || !MEMBER.test(member)) return undefined;
  return {
    ...family,
    id,
    title: { zh: member, en: member },
    // The name stands in the text, for the fingerprint of facts goes by it; MEMBER leaves nothing that could end a literal.
    sql: family.sql.replaceAll("$member", `'${member}'`),
    hash: createHash("sha256").update(`${family.hash}\n${member}`).digest("hex"),
  };
}

/** Ids of the files behind an indicator's id: its own, or its family's. */
export function fileIdOf(known: Known, id: string): string {
  return known.has(id) ? id : id.slice(0, Math.max(0, id.lastIndexOf("/")));
}

/** What to say where an id stands for no indicator. */
export function unknownIndicator(id: string): string {
  return `there is no indicator "${id}": metrics/indicators has no ${id}.sql`;
}
