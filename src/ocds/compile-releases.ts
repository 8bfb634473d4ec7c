import { compareInstants, type Instant, readInstant } from "./instant.ts";
import { copyObject, type JsonObject } from "./json-value.ts";
import { mergeRelease } from "./merge-release.ts";
import { mergeRules } from "./merge-rules.ts";
import { collectFaults, type OcdsFault, type Release } from "./release.ts";
import { writeContent } from "./write-json.ts";

/** A contracting process as of one of its moments. */
export interface CompiledState {
  /** Date of the newest release in it, as written. */
  readonly date: string;
  /** Index, among the releases given, of the one that brought it about. */
  readonly by: number;
  readonly release: JsonObject;
}

/** What is known of one contracting process. */
export interface CompiledProcess {
  readonly ocid: string;
  /** After each of its releases, oldest first; releases of one moment make one state. The last is what holds. */
  readonly states: readonly CompiledState[];
}

export interface Compiled {
  /** In the order in which their first release was given. */
  readonly processes: readonly CompiledProcess[];
  readonly faults: readonly OcdsFault[];
}

/**
 * Compiles releases by the standard's merge, process by process. The order in which they are given tells only among releases
 * of one moment. One that came before, unchanged, is passed over.
 * @param releases with the dates that readReleases has found to be such
 */
export function compileReleases(releases: readonly Release[]): Compiled {
  const faults = collectFaults();
  const byProcess = new Map<string, Dated[]>();
  for (const [index, release] of releases.entries()) {
    const instant = readInstant(release.date) as Instant;
    const dated = { release, index, instant };
    const held = byProcess.get(release.ocid);
    if (held) held.push(dated);
    else byProcess.set(release.ocid, [dated]);
  }
  const processes = [...byProcess].map(([ocid, dated]) => {
    const ordered = leaveOutRepeated(dated, faults).sort(
      (a, b) => compareInstants(a.instant, b.instant) || a.index - b.index,
    );
    return { ocid, states: compileStates(ocid, ordered) };
  });
  return { processes, faults: faults.list() };
}

interface Dated {
  readonly release: Release;
  readonly index: number;
  readonly instant: Instant;
}

/** Releases that say something; of those with the id and the moment of another it is told whether they contradict it. */
function leaveOutRepeated(
  releases: readonly Dated[],
  faults: ReturnType<typeof collectFaults>,
): Dated[] {
  const seen = new Map<string, Set<string>>();
  return releases.filter(({ release, index, instant }) => {
    const name = JSON.stringify([release.id, instant.seconds, instant.fraction]);
    const contents = seen.get(name);
    // Where nobody has the same name, what it says need not be written out.
    if (!contents) {
      seen.set(name, new Set());
      return true;
    }
    if (contents.size === 0) {
      const first = releases.find(
        (each) => each.release.id === release.id && compareInstants(each.instant, instant) === 0,
      ) as Dated;
      contents.add(writeContent(first.release.content));
    }
    const content = writeContent(release.content);
    if (contents.has(content)) {
      faults.add("repeated", index + 1);
      return false;
    }
    if (release.id !== "") faults.add("contradicting", index + 1);
    contents.add(content);
    return true;
  });
}

function compileStates(ocid: string, releases: readonly Dated[]): CompiledState[] {
  const states: CompiledState[] = [];
  let merged: JsonObject = copyObject();
  for (const [at, { release, index, instant }] of releases.entries()) {
    merged = mergeRelease(merged, release.content, mergeRules(release.version));
    const next = releases[at + 1];
    if (next && compareInstants(next.instant, instant) === 0) continue;
    const { date } = release;
    const head = { tag: ["compiled"], id: `${ocid}-${date}`, date, ocid };
    const compiled = Object.assign(copyObject(head), { ...merged, ocid });
    states.push({ date, by: index, release: compiled });
  }
  return states;
}
