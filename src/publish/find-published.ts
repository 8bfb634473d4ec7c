import { existsSync, lstatSync, readdirSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { chooseRun, momentOf, type RunChoice } from "./choose-run.ts";
import { isOlderLayout, LATEST, publishedFolder, TIDIED, UNFINISHED } from "./layout.ts";
import { MANIFEST, ManifestError, readManifest, SIGNATURE } from "./manifest.ts";
import { type ManifestHead, readHead } from "./manifest-head.ts";

/** A published run of a pipeline and period. */
export interface PublishedRun {
  readonly pipeline: string;
  readonly period: string;
  /** Last day of the period. */
  readonly endsOn: string;
  readonly run: string;
  readonly asOf: string;
  /** Whether it is the run in force of its pipeline and period. */
  readonly latest: boolean;
  /** Whether it is also the one shown when nobody says which period. */
  readonly newest: boolean;
  readonly folder: string;
}

type Found = ManifestHead & Pick<PublishedRun, "folder">;

/** Every published run of one pipeline, by period, then as-of time, then run. */
export function listPublished(dataDir: string, pipeline: string): PublishedRun[] {
  return listAllPublished(dataDir).filter((one) => one.pipeline === pipeline);
}

/**
 * Every published run of a jurisdiction, whichever pipeline made it, in the same order. Only for what concerns all of them,
 * as what had become known when something was published; whoever shows a month asks for those of its pipeline.
 */
export function listAllPublished(dataDir: string): PublishedRun[] {
  const runs = findRuns(publishedFolder(dataDir));
  const pipelines = [...new Set(runs.map(({ pipeline }) => pipeline))];
  const marked = pipelines.flatMap((name) =>
    markPipeline(
      dataDir,
      name,
      runs.filter(({ pipeline }) => pipeline === name),
    ),
  );
  return marked.sort(
    (a, b) =>
      compare(a.period, b.period) ||
      compare(a.asOf, b.asOf) ||
      compare(a.run, b.run) ||
      compare(a.pipeline, b.pipeline),
  );
}

/** A folder of a published run whose manifest does not say what it is. */
export interface DamagedRun {
  readonly period: string;
  readonly run: string;
  readonly folder: string;
}

/**
 * Published runs of a pipeline whose manifest is missing, unreadable, damaged, or of another run or pipeline.
 * @param sound what listPublished gives of the pipeline
 */
export function listDamaged(
  dataDir: string,
  pipeline: string,
  sound: readonly PublishedRun[] = listPublished(dataDir, pipeline),
): DamagedRun[] {
  const own = join(publishedFolder(dataDir), pipeline);
  const read = new Set(sound.map(({ folder }) => folder));
  return foldersOf(own).flatMap((period) =>
    foldersOf(join(own, period))
      .map((run) => ({ period, run, folder: join(own, period, run) }))
      .filter(({ folder }) => !read.has(folder))
      .filter(({ run, folder }) => !isPutAside(run) && isPublication(folder)),
  );
}

/** Whether a folder among runs is one that the program itself put aside, or was still writing. */
export function isPutAside(name: string): boolean {
  return name.endsWith(UNFINISHED) || name.endsWith(TIDIED) || /\.superseded-\d+$/.test(name);
}

/** Whether anything lies there that a publication holds. */
function isPublication(folder: string): boolean {
  return [MANIFEST, SIGNATURE, "report.json", "data"].some((name) =>
    existsSync(join(folder, name)),
  );
}

/** Of the damaged runs the one that would be chosen if it could be read: it must not pass for one that is not there. */
function findDamaged(
  dataDir: string,
  pipeline: string,
  { period, run, asOf }: RunChoice,
  chosen: PublishedRun | undefined,
): DamagedRun | undefined {
  const damaged = listDamaged(dataDir, pipeline);
  if (damaged.length === 0) return undefined;
  const own = join(publishedFolder(dataDir), pipeline);
  const wanted = period ?? (run ? undefined : (readPointer(own) ?? chosen?.period));
  const fitting = damaged.filter(
    (one) =>
      (run === undefined || one.run === run) && (wanted === undefined || one.period === wanted),
  );
  if (!chosen) return fitting.at(-1);
  const inForce = readPointer(join(own, wanted ?? chosen.period));
  return run === undefined && asOf === undefined
    ? fitting.find((one) => one.run === inForce)
    : undefined;
}

/**
 * Finds the published folder of a pipeline by the rule of chooseRun.
 * @param dataDir folder of the jurisdiction
 * @throws ManifestError when the manifest of the one that is meant is damaged; Error in a sentence that names what there is
 *   of the pipeline
 */
export function findPublished(dataDir: string, pipeline: string, choice: RunChoice = {}): string {
  const everything = listAllPublished(dataDir);
  const own = everything.filter((one) => one.pipeline === pipeline);
  const chosen = chooseRun(own, choice);
  const damaged = findDamaged(dataDir, pipeline, choice, chosen);
  if (damaged) {
    readManifest(damaged.folder);
    throw new ManifestError(damaged.folder, "damaged");
  }
  const tidied = tellTidied(dataDir, pipeline, choice, chosen);
  if (tidied) throw new Error(`${tidied.zh}\n${tidied.en}`);
  if (chosen) return chosen.folder;
  if (own.length === 0) throw new Error(sayNothing(pipeline, everything));
  throw new Error(sayNoneSuch(pipeline, choice, own));
}

/**
 * What is said to a question about an earlier time, or for a certain run, whose answer was tidied away: another run's is none. Undefined when
 * nothing of the kind went.
 * @param chosen the run that would be given instead
 */
export function tellTidied(
  dataDir: string,
  pipeline: string,
  { period, run, asOf }: RunChoice,
  chosen: PublishedRun | undefined,
): { readonly zh: string; readonly en: string } | undefined {
  if (run === undefined && asOf === undefined) return undefined;
  const moment = momentOf(asOf);
  const wanted = period ?? chosen?.period;
  const missed = listTidied(dataDir, pipeline).find(
    (one) =>
      (wanted === undefined || one.period === wanted) &&
      (run === undefined
        ? one.asOf <= (moment as string) && one.asOf > (chosen?.asOf ?? "")
        : one.run === run),
  );
  if (!missed) return undefined;
  const again = `zhengxin run ${pipeline} --period ${missed.period} --as-of "${missed.asOf}"`;
  return {
    zh: `${missed.period} 的运行 ${missed.run}（截至 ${missed.asOf} 所知）已按保留期限清理，只留清单；可用 ${again} 重新得出。`,
    en: `The run ${missed.run} of ${missed.period}, as known on ${missed.asOf}, was tidied away when its time had come, and only its manifest is left; ${again} works it out again.`,
  };
}

/** Runs of which only the manifest is left. */
function listTidied(dataDir: string, pipeline: string) {
  const own = join(publishedFolder(dataDir), pipeline);
  return foldersOf(own).flatMap((period) =>
    foldersOf(join(own, period))
      .filter(
        (name) =>
          name.endsWith(TIDIED) && !existsSync(join(own, period, name.slice(0, -TIDIED.length))),
      )
      .flatMap((name) => {
        const manifest = readHead(join(own, period, name));
        return manifest ? [{ period, run: manifest.run, asOf: manifest.asOf }] : [];
      }),
  );
}

function sayNothing(pipeline: string, everything: readonly PublishedRun[]): string {
  const others = [...new Set(everything.map((one) => one.pipeline))].sort();
  const zh = others.length > 0 ? `同一辖区已发布的流程：${others.join("、")}。` : "";
  const en =
    others.length > 0
      ? ` In the same jurisdiction these pipelines have something published: ${others.join(", ")}.`
      : "";
  return `流程“${pipeline}”尚未发布任何一期。${zh}请先运行“zhengxin run ${pipeline}”。Nothing is published of the pipeline "${pipeline}".${en} Run "zhengxin run ${pipeline}" first.`;
}

function sayNoneSuch(
  pipeline: string,
  { period, run, asOf }: RunChoice,
  own: readonly PublishedRun[],
): string {
  const zh = [
    period ? `期间 ${period}` : "任何期间",
    run && `运行 ${run}`,
    asOf && `截至 ${asOf} 所知`,
  ].filter(Boolean);
  const en = [
    period ? `the period ${period}` : "any period",
    run && `the run ${run}`,
    asOf && `what was known no later than ${asOf}`,
  ].filter(Boolean);
  const there = own.map((one) => `${one.period} (run ${one.run}, as of ${one.asOf})`).join("; ");
  return `流程“${pipeline}”没有发布这样的一期：${zh.join("，")}。已发布：${there}。Nothing is published of the pipeline "${pipeline}" for ${en.join(", ")}. Published are: ${there}.`;
}

/** Runs as they lie in folders: published/<pipeline>/<period>/<run>, and published/<period>/<run> of older programs. */
function findRuns(published: string): Found[] {
  const found = foldersOf(published).flatMap((name) => {
    const top = join(published, name);
    if (isOlderLayout(name)) return runsIn(top, name, undefined);
    return foldersOf(top).flatMap((period) => runsIn(join(top, period), period, name));
  });
  // Between two steps of carrying an older folder over, a run made again may lie in both places: the new one counts.
  const places = new Map<string, Found>();
  for (const one of found) places.set([one.pipeline, one.period, one.run].join("\n"), one);
  return [...places.values()];
}

function runsIn(folder: string, period: string, pipeline: string | undefined): Found[] {
  return foldersOf(folder).flatMap((run): Found[] => {
    const manifest = readHead(join(folder, run));
    // What was put aside or left unfinished has another name than its run.
    if (manifest?.run !== run || manifest.period !== period) return [];
    if (pipeline !== undefined && manifest.pipeline !== pipeline) return [];
    return [
      {
        pipeline: manifest.pipeline,
        period,
        endsOn: manifest.endsOn,
        run,
        asOf: manifest.asOf,
        folder: join(folder, run),
      },
    ];
  });
}

/** Says of the runs of one pipeline which is in force in each period, and which period is the newest. */
function markPipeline(dataDir: string, pipeline: string, runs: readonly Found[]): PublishedRun[] {
  const published = publishedFolder(dataDir);
  const inForce = [...new Set(runs.map(({ period }) => period))].map((period) => {
    const own = runs.filter((one) => one.period === period);
    // The pointer of an older layout is of all pipelines together: it may name a run of another one.
    const named = [join(pipeline, period), period].map((place) =>
      readPointer(join(published, place)),
    );
    return own.find(({ run }) => named.includes(run)) ?? own.reduce(laterKnown);
  });
  const ends = inForce.map(({ endsOn }) => endsOn).reduce((a, b) => (a > b ? a : b));
  const last = inForce.filter(({ endsOn }) => endsOn === ends);
  const named = [pipeline, ""].map((place) => readPointer(join(published, place)));
  // Periods of two lengths may end on one day; then the pointer says which of them was published last.
  const newest = last.find(({ period }) => named.includes(period)) ?? last.at(-1);
  return runs.map((one) => ({
    ...one,
    latest: inForce.includes(one),
    newest: one === newest,
  }));
}

/** Of two runs of a period the one that knew more; of equals the one written last. */
function laterKnown(a: Found, b: Found): Found {
  const order = compare(a.asOf, b.asOf) || writtenAt(a.folder) - writtenAt(b.folder);
  return order > 0 ? a : b;
}

function writtenAt(folder: string): number {
  return statSync(join(folder, MANIFEST)).mtimeMs;
}

function foldersOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** What the pointer in a folder names: in that of a period a run, in that of a pipeline a period. */
function readPointer(folder: string): string | undefined {
  const path = join(folder, LATEST);
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  return isLink ? readlinkSync(path).split("/")[0] : undefined;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
