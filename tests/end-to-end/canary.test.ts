import { join } from "node:path";
import { Writable } from "node:stream";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readAudit } from "../../src/audit/verify-audit.ts";
import { describeStatus, readStatus } from "../../src/cli/status.ts";
import { describeOutcomes } from "../../src/cli/terminal.ts";
import type { Config } from "../../src/config.ts";
import { type RunResult, runPipeline } from "../../src/run.ts";
import { makeApp } from "../../src/serve/app.ts";
import { addToken } from "../../src/serve/auth/token-file.ts";
import { PUBLIC_TEXTS } from "../../src/standard/public-texts.ts";
import { findPipeline, findSources } from "../../src/standard/workspace.ts";
import { type MarkedCity, plantCity } from "./canary/city.ts";
import { findMarkers } from "./canary/markers.ts";
import { searchFolder } from "./canary/search.ts";
import { FORMS, type Form } from "./loud-or-equal/forms.ts";
import { makeFolder, publishedFolder, removeFolders, tinyConfig } from "./tiny-workspace.ts";

const FIRST = { period: "2018-06", asOf: "2018-07-10 00:00:00" };
const LATER = { period: "2018-06", asOf: "2018-08-10 00:00:00" };
/** The retention of every row is over. */
const AFTER = { period: "2018-06", asOf: "2022-01-10 00:00:00" };
/** Sources about persons: what they say is forgotten, but for what is public. */
const FORGOTTEN = new Set(["orders", "records"]);

/** A marked city after its months, with everything that was said on the way. */
interface Told {
  readonly city: MarkedCity;
  readonly config: Config;
  readonly said: string[];
  readonly published: string;
  /** Record kind by source. */
  readonly kinds: ReadonlyMap<string, string>;
}

afterAll(removeFolders);

async function run(config: Config, said: string[], question: typeof FIRST): Promise<RunResult> {
  const log = pino(
    { level: "trace" },
    new Writable({
      write(chunk, _, done) {
        said.push(String(chunk));
        done();
      },
    }),
  );
  const progress = {
    step: (...step: unknown[]) => {
      said.push(step.join(" "));
    },
  };
  const result = await runPipeline(config, { pipeline: "tiny", ...question, log, progress }, {});
  said.push(describeOutcomes(result.outcomes), JSON.stringify(result.outcomes));
  result.context.store.close();
  return result;
}

async function tellMonths(form: Form): Promise<Told> {
  const city = await plantCity(join(makeFolder(), "city"), form);
  const config = tinyConfig(city.workspace);
  const said: string[] = [];
  await run(config, said, FIRST);
  city.removeOne();
  const published = publishedFolder(await run(config, said, LATER));
  const pipeline = findPipeline(config.workspace, "tiny");
  const status = await readStatus(config, pipeline);
  said.push(describeStatus(status), JSON.stringify(status));
  const sources = findSources(config.workspace, pipeline);
  const kinds = new Map(sources.map(({ source, kind }) => [source, kind]));
  return { city, config, said, published, kinds };
}

/** Whether the data dictionary says that the text of a marker is public. */
function isPublic({ city, kinds }: Told, marker: string): boolean {
  const place = city.markers.planted.get(marker);
  if (place?.core === undefined) return false;
  return (PUBLIC_TEXTS[kinds.get(place.source) ?? ""] ?? []).includes(place.core);
}

/** Where markers were planted that stand where only public ones may. */
function describeLeaks(told: Told, found: Iterable<string>): string[] {
  return told.city.markers.describe([...found].filter((marker) => !isPublic(told, marker)));
}

/** Where a visitor begins. */
const DOORS = ["/", "/tiny/quality", "/tiny/months", "/api/months", "/published", "/openapi.json"];
/** Pages looked at by one visitor; the city has no more kinds of them. */
const MOST_PAGES = 60;

/** Every page that links lead to; what one role has seen, those with more rights do not look at again. */
async function readPages({ config }: Told): Promise<string[]> {
  const app = makeApp({ config, isStopping: () => false });
  const texts: string[] = [];
  const seen = new Set<string>();
  try {
    for (const role of ["public", "analyst", "officer", "admin"] as const) {
      const headers: Record<string, string> = { Accept: "text/html" };
      if (role !== "public") {
        headers.Authorization = `Bearer ${addToken(config, { name: role, role }).secret}`;
      }
      const waiting = DOORS.filter((path) => !seen.has(path));
      for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
        if (seen.has(path) || seen.size > MOST_PAGES) continue;
        const answer = await app.request(path, { headers });
        const text = Buffer.from(await answer.arrayBuffer()).toString("latin1");
        texts.push(text);
        if (answer.status === 200) seen.add(path);
        if (!/html/.test(answer.headers.get("content-type") ?? "")) continue;
        for (const [, link = ""] of text.matchAll(/href="(\/[^"#?]*)/g)) {
          if (!/\/assets\//.test(link)) waiting.push(link);
        }
      }
    }
  } finally {
    app.close();
  }
  return texts;
}

describe.each(FORMS)("a city whose every text is a marker, delivered as %s", (form) => {
  let told: Told;
  beforeAll(async () => {
    told = await tellMonths(form);
  }, 600_000);

  test("no text that is not public stands in what is published", async () => {
    const found = await searchFolder(told.published);
    expect(describeLeaks(told, found.keys())).toEqual([]);
    // It has looked: what is public is there.
    expect([...found.keys()].filter((marker) => isPublic(told, marker)).length).toBeGreaterThan(5);
  });

  test("none stands in sentences, progress, logs, the status or the journal", async () => {
    const journal: string[] = [];
    for await (const entry of readAudit(told.config, "tiny")) journal.push(JSON.stringify(entry));
    expect(told.said.join("").length).toBeGreaterThan(10_000);
    const found = findMarkers([...told.said, ...journal].join("\n"));
    expect(told.city.markers.describe(found)).toEqual([]);
  });

  test("none that is not public stands on a page or in an answer, whoever asks", async () => {
    const texts = await readPages(told);
    expect(texts.length).toBeGreaterThan(20);
    expect(describeLeaks(told, findMarkers(texts.join("\n")))).toEqual([]);
  }, 600_000);

  test("what people must see to put deliveries right is in the quarantine", async () => {
    const found = await searchFolder(join(told.config.dataDir, "tiny"));
    const inDatabase = [...found].filter(([, files]) => files.includes("working.duckdb"));
    const planted = inDatabase.map(([marker]) => told.city.markers.planted.get(marker));
    for (const what of ["file name", "cell", "broken file"]) {
      expect(planted.filter((place) => place?.what === what).length, what).toBeGreaterThan(3);
    }
  });

  test("once the retention is over, nothing about persons is left anywhere", async () => {
    const said: string[] = [];
    await run(told.config, said, AFTER);
    const found = await searchFolder(told.config.dataDir);
    const left = [...found].filter(([marker]) => {
      const place = told.city.markers.planted.get(marker);
      return place !== undefined && FORGOTTEN.has(place.source) && !isPublic(told, marker);
    });
    const places = told.city.markers.describe(left.map(([marker]) => marker));
    expect(places.map((place, index) => `${place} in ${left[index]?.[1]}`)).toEqual([]);
    expect(told.city.markers.describe(findMarkers(said.join("\n")))).toEqual([]);
  }, 600_000);
});
