import { compareInstants, type Instant, readInstant } from "./instant.ts";
import { copyObject, type JsonObject } from "./json-value.ts";
import { mergeRelease } from "./merge-release.ts";
import { mergeRules } from "./merge-rules.ts";
import type { OcdsFault, Release } from "./release.ts";
import { writeContent } from "./write-json.ts";

/** A contracting process as of one of its moments. */
export interface CompiledState<R extends Release> {
  /** The newest release in it. */
  readonly by: R;
  readonly release: JsonObject;
}

/** What is known of one contracting process. */
export interface CompiledProcess<R extends Release> {
  readonly ocid: string;
  /** After each of its moments, oldest first; releases of one moment make one state. The last is what holds. */
  readonly states: readonly CompiledState<R>[];
}

export interface Compiled<R extends Release> {
  /** In the order in which their first release was given. */
  readonly processes: readonly CompiledProcess<R>[];
  readonly faults: readonly OcdsFault[];
}

/**
 * Compiles releases by the standard's merge, process by process. The order in which they are given tells only among releases
 * of one moment. One that came before, unchanged, is passed over.
 * @param releases with the dates that readReleases has found to be such
 * @param contradicting what becomes of releases with one id and one date that say different things: they are merged in the order
 * given, or each makes a state of its own on what was known before, and is in none that follows
 */
export function compileReleases<R extends Release>(
  releases: readonly R[],
  contradicting: "merge" | "apart" = "merge",
): Compiled<R> {
  const faults: OcdsFault[] = [];
  const byProcess = new Map<string, Dated<R>[]>();
  for (const [index, release] of releases.entries()) {
    const dated = { release, index, instant: readInstant(release.date) as Instant };
    const held = byProcess.get(release.ocid);
    if (held) held.push(dated);
    else byProcess.set(release.ocid, [dated]);
  }
  const processes = [...byProcess].map(([ocid, dated]) => {
    const ordered = findRepeated(dated, faults).sort(
      (a, b) => compareInstants(a.instant, b.instant) || a.index - b.index,
    );
    return { ocid, states: compileStates(ocid, ordered, contradicting === "apart") };
  });
  return { processes, faults };
}

interface Dated<R extends Release> {
  readonly release: R;
  readonly index: number;
  readonly instant: Instant;
}

interface Judged<R extends Release> extends Dated<R> {
  /** Another has its id and date and says something else. */
  readonly isContradicted: boolean;
}

/** Leaves out what repeats another release of the same id and moment, and finds what contradicts one. */
function findRepeated<R extends Release>(
  releases: readonly Dated<R>[],
  faults: OcdsFault[],
): Judged<R>[] {
  const named = new Map<string, Dated<R>[]>();
  const nameOf = ({ release, instant }: Dated<R>) =>
    JSON.stringify([release.id, instant.seconds, instant.fraction]);
  for (const each of releases) {
    const name = nameOf(each);
    const namesakes = named.get(name);
    if (namesakes) namesakes.push(each);
    else named.set(name, [each]);
  }
  const judged: Judged<R>[] = [];
  for (const namesakes of named.values()) {
    // Where nobody has the same name, what it says need not be written out.
    const contents = new Map(
      namesakes.length === 1
        ? [["", namesakes[0] as Dated<R>]]
        : namesakes.toReversed().map((each) => [writeContent(each.release.content), each]),
    );
    const kept = [...contents.values()].toReversed();
    const isContradicted = kept.length > 1 && namesakes[0]?.release.id !== "";
    const said = new Set(kept);
    for (const each of kept) judged.push({ ...each, isContradicted });
    for (const each of namesakes) {
      const { place, content } = each.release;
      if (!said.has(each)) faults.push({ kind: "repeated", place, content });
      else if (isContradicted && each !== namesakes[0]) {
        faults.push({ kind: "contradicting", place, content });
      }
    }
  }
  return judged;
}

function compileStates<R extends Release>(
  ocid: string,
  releases: readonly Judged<R>[],
  apart: boolean,
): CompiledState<R>[] {
  const states: CompiledState<R>[] = [];
  let merged: JsonObject = copyObject();
  const add = (by: R, known: JsonObject) => {
    const head = { tag: ["compiled"], id: `${ocid}-${by.date}`, date: by.date };
    states.push({ by, release: Object.assign(copyObject(head), { ...known, ocid }) });
  };
  const merge = ({ version, content }: R) => mergeRelease(merged, content, mergeRules(version));
  for (const [at, { release, instant, isContradicted }] of releases.entries()) {
    if (apart && isContradicted) {
      add(release, merge(release));
      continue;
    }
    merged = merge(release);
    let next = at + 1;
    while (apart && releases[next]?.isContradicted) next += 1;
    const following = releases[next];
    if (!following || compareInstants(following.instant, instant) !== 0) add(release, merged);
  }
  return states;
}
