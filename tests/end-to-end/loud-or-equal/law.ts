import { cpSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import type { Config } from "../../../src/config.ts";
import { makeFolder, removeFolders, tinyConfig } from "../tiny-workspace.ts";
import { deliver, makeWorkspace, readDeliveries, SOURCES } from "./city.ts";
import { closeForms, type Form } from "./forms.ts";
import { type Judged, judge, PLACES, readRecords } from "./judge.ts";
import type { Mutation } from "./mutation.ts";
import { MUTATIONS } from "./mutations.ts";

/** The unchanged delivery in one form: its workspace, its data folder after the run, and what came of it. */
interface Baseline {
  readonly workspace: string;
  readonly dataDir: string;
  readonly records: readonly string[];
  readonly judged: Judged;
}

const baselines = new Map<Form, Promise<Baseline>>();

export function baselineOf(form: Form): Promise<Baseline> {
  const made = baselines.get(form) ?? makeBaseline(form);
  baselines.set(form, made);
  return made;
}

async function makeBaseline(form: Form): Promise<Baseline> {
  const workspace = join(makeFolder(), "city");
  const dataDir = makeFolder();
  makeWorkspace(workspace, form);
  const deliveries = readDeliveries();
  for (const source of SOURCES) await deliver(workspace, source, deliveries[source], form);
  const config = tinyConfig(workspace, dataDir);
  const records = await readRecords(config);
  return { workspace, dataDir, records, judged: await judge(config) };
}

/** Closes what the law has open and removes its folders. */
export function tidyUp(): void {
  closeForms();
  removeFolders();
}

/** A copy of the unchanged city with changed deliveries in it. */
export async function change(mutations: readonly Mutation[], form: Form): Promise<Config> {
  const baseline = await baselineOf(form);
  const workspace = join(makeFolder(), "city");
  const dataDir = makeFolder();
  cpSync(baseline.workspace, workspace, { recursive: true });
  if (mutations.some(({ later }) => later)) cpSync(baseline.dataDir, dataDir, { recursive: true });
  const deliveries = readDeliveries();
  for (const { source, change } of mutations) change?.(deliveries[source]);
  for (const { source, bytes } of mutations) {
    await deliver(workspace, source, deliveries[source], form, bytes);
  }
  return tinyConfig(workspace, dataDir);
}

/** The places where nothing is said that is not said of the unchanged delivery too. */
export function silentPlaces(judged: Judged, before: Judged): string[] {
  return PLACES.filter((place) => {
    const usual = new Set(before.told[place]);
    return judged.told[place].every((sentence) => usual.has(sentence));
  });
}

export function isEqual(some: readonly string[], others: readonly string[]): boolean {
  return JSON.stringify(some) === JSON.stringify(others);
}

/**
 * Whether a change is tried in a form: always as CSV, and in one of its other forms, which take turns.
 * Every form reads into the same records, so that what differs between forms is the reader, and each
 * reader meets every third change. `LOUD_OR_EQUAL=all` tries each change in all its forms.
 */
function isTried({ forms }: Mutation, turn: number, form: Form): boolean {
  if (!forms.includes(form)) return false;
  if (form === "csv" || process.env.LOUD_OR_EQUAL === "all") return true;
  const others = forms.filter((other) => other !== "csv");
  return others[turn % others.length] === form;
}

/** Loud or equal: the mutations tried in a form, each by itself. */
export function describeForm(form: Form): void {
  // A month is run for each: a few seconds, on a machine that has nothing else to do.
  vi.setConfig({ testTimeout: 600_000 });
  describe(`delivered as ${form}`, () => {
    const tried = MUTATIONS.filter((mutation, turn) => isTried(mutation, turn, form));
    test.each(tried)("$source: $name", async (mutation) => {
      const before = await baselineOf(form);
      const config = await change([mutation], form);
      if (mutation.must !== "loud" && isEqual(await readRecords(config), before.records)) return;
      const after = await judge(config);
      const equal = isEqual(after.results, before.judged.results);
      if (equal && mutation.must !== "loud") return;
      if (mutation.must === "equal") expect(after.results).toEqual(before.judged.results);
      expect(silentPlaces(after, before.judged)).toEqual([]);
    });
  });
}
