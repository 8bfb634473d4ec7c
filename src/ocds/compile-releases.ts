import { addFirstDates, type FirstDates } from "./first-dates.ts";
import { compareInstants, type Instant, readInstant } from "./instant.ts";
import { copyObject, type JsonObject } from "./json-value.ts";
import { mergeRelease } from "./merge-release.ts";
import { mergeRules } from "./merge-rules.ts";
import type { OcdsFault, Release } from "./release.ts";
import { addTags, type BorneTags } from "./release-tags.ts";
import { writeContent } from "./write-json.ts";

/** A contracting process as of one of its moments. */
export interface CompiledState<R extends Release> {
  /** The newest release in it. */
  readonly by: R;
  readonly release: JsonObject;
  /** The tags of the releases in it, beside what they concern. */
  readonly tags: BorneTags;
  readonly firsts: FirstDates;
  /** It came about because what was known was withdrawn, or held again: all in it is to be told anew. */
  readonly isRetold: boolean;
}

/** A span of time in which a release counts, half-open; without an end that is not known. */
export interface Span {
  readonly begins?: SpanEdge;
  readonly ends?: SpanEdge;
}

export interface SpanEdge {
  readonly instant: Instant;
  /** As the state that begins there is dated. */
  readonly date: string;
}

export interface CompileOptions<R extends Release> {
  /**
   * What becomes of releases with one id and one date that say different things: they are merged in the order given, or each makes a
   * state of its own on what was known before, and is in none that follows.
   */
  readonly contradicting?: "merge" | "apart";
  /** When a release counts, where that is not always: states at the edges of these spans are without it, or with it again. */
  readonly spans?: (release: R) => readonly Span[] | undefined;
  /** The zone of dates that name none; UTC unless said otherwise. */
  readonly zone?: string;
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
 */
export function compileReleases<R extends Release>(
  releases: readonly R[],
  { contradicting = "merge", spans, zone }: CompileOptions<R> = {},
): Compiled<R> {
  const faults: OcdsFault[] = [];
  const byProcess = new Map<string, Dated<R>[]>();
  for (const [index, release] of releases.entries()) {
    const dated = { release, index, instant: readInstant(release.date, zone) as Instant };
    const held = byProcess.get(release.ocid);
    if (held) held.push(dated);
    else byProcess.set(release.ocid, [dated]);
  }
  const apart = contradicting === "apart";
  const processes = [...byProcess].map(([ocid, dated]) => {
    const ordered = bringInOrder(dated, faults);
    const states = dated.some(({ release }) => spans?.(release))
      ? compileSpans(ocid, dated, { apart, spansOf: ({ release }) => spans?.(release) })
      : compileStates(ocid, ordered, apart);
    return { ocid, states };
  });
  return { processes, faults };
}

function bringInOrder<R extends Release>(
  dated: readonly Dated<R>[],
  faults: OcdsFault[],
): Judged<R>[] {
  return findRepeated(dated, faults).sort(
    (a, b) => compareInstants(a.instant, b.instant) || a.index - b.index,
  );
}

/**
 * The states of a process of which some releases do not count always: after each of its moments, and at each edge of a span, what is
 * known by the releases that count then.
 */
function compileSpans<R extends Release>(
  ocid: string,
  dated: readonly Dated<R>[],
  { apart, spansOf }: { apart: boolean; spansOf: (dated: Dated<R>) => readonly Span[] | undefined },
): CompiledState<R>[] {
  const edges = dated.flatMap((each) =>
    (spansOf(each) ?? []).flatMap(({ begins, ends }) => [begins, ends]),
  );
  const moments = [
    ...dated.map(({ instant }) => ({ instant, date: undefined })),
    ...edges.filter((edge) => edge !== undefined),
  ].sort((a, b) => compareInstants(a.instant, b.instant));
  const instants = new Map(dated.map(({ release, instant }) => [release, instant]));
  const counts = (each: Dated<R>, at: Instant) =>
    compareInstants(each.instant, at) <= 0 &&
    (spansOf(each)?.some((span) => isWithin(at, span)) ?? true);
  return moments.flatMap(({ instant, date }, place) => {
    const following = moments[place + 1];
    // Of several at one moment the last stands for all: an edge comes behind the releases.
    if (following && compareInstants(following.instant, instant) === 0) return [];
    const counting = bringInOrder(
      dated.filter((each) => counts(each, instant)),
      [],
    );
    const states = compileStates(ocid, counting, apart);
    const made = states.filter(
      ({ by }) => compareInstants(instants.get(by) as Instant, instant) === 0,
    );
    const known = states.findLast(({ isApart }) => !isApart);
    if (date === undefined || !known) return made;
    return [...made, { ...known, release: { ...known.release, date }, isRetold: true }];
  });
}

function isWithin(at: Instant, { begins, ends }: Span): boolean {
  const hasBegun = !begins || compareInstants(begins.instant, at) <= 0;
  return hasBegun && (!ends || compareInstants(at, ends.instant) < 0);
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

interface MadeState<R extends Release> extends CompiledState<R> {
  /** It contradicts another of its moment, and is not what is known from then on. */
  readonly isApart: boolean;
}

interface Known {
  readonly merged: JsonObject;
  readonly tags: BorneTags;
  readonly firsts: FirstDates;
}

function compileStates<R extends Release>(
  ocid: string,
  releases: readonly Judged<R>[],
  apart: boolean,
): MadeState<R>[] {
  const states: MadeState<R>[] = [];
  let known: Known = { merged: copyObject(), tags: new Map(), firsts: new Map() };
  const add = (by: R, { merged, tags, firsts }: Known, isApart: boolean) => {
    const head = { tag: ["compiled"], id: `${ocid}-${by.date}`, date: by.date };
    const release = Object.assign(copyObject(head), { ...merged, ocid });
    states.push({ by, release, tags, firsts, isApart, isRetold: false });
  };
  const merge = ({ version, content, date }: R): Known => {
    const merged = mergeRelease(known.merged, content, mergeRules(version));
    const firsts = addFirstDates(known.firsts, content, date);
    return { merged, tags: addTags(known.tags, content, merged), firsts };
  };
  for (const [at, { release, instant, isContradicted }] of releases.entries()) {
    if (apart && isContradicted) {
      add(release, merge(release), true);
      continue;
    }
    known = merge(release);
    let next = at + 1;
    while (apart && releases[next]?.isContradicted) next += 1;
    const following = releases[next];
    if (!following || compareInstants(following.instant, instant) !== 0) add(release, known, false);
  }
  return states;
}
