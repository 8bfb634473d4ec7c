import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import type { Config } from "../../src/config.ts";
import { digestContent, type PublishedFile, readManifest } from "../../src/publish/manifest.ts";
import { nameEvent, type SubmittedEvent } from "../../src/record/submit-event.ts";
import { EVENTS } from "../../src/record/transitions.ts";
import type { RunResult } from "../../src/run.ts";
import { publishedFolder, readTree, removeFolders } from "../end-to-end/tiny-workspace.ts";
import { eventOf, makeRecordCity, runJune } from "./tiny-records.ts";

// The law: whatever arrives later, asking what was known at a time gives what was published at that time, byte for byte.

afterAll(removeFolders);

/** Days on which something may arrive; the month is published at the end of each. */
const DAYS = ["2018-07-12", "2018-07-20", "2018-07-30"] as const;
const endOf = (day: string) => `${day} 23:00:00`;

interface Arrival {
  /** Events of D1 and D3, legal or not, each of a day up to the arrival. */
  readonly events: readonly {
    record: string;
    event: SubmittedEvent["event"];
    on: number;
    entity: string;
  }[];
  /** An order for a body whose code is not known, or known only by an alias of this or another day. */
  readonly orders: readonly { no: number; code: string; closed: string }[];
  /** Codes from then on taken for East Lake. */
  readonly aliases: readonly string[];
  /** A correction of a record by its source. */
  readonly record: { no: string; severity: string; state: string } | null;
}

const CODES = ["999801", "999802"];
const arrival: fc.Arbitrary<Arrival> = fc.record({
  events: fc.array(
    fc.record({
      record: fc.constantFrom("D1", "D3", "D2"),
      event: fc.constantFrom(...EVENTS),
      on: fc.integer({ min: 0, max: 20 }),
      entity: fc.constantFrom("999901", "999902", "999903", ...CODES),
    }),
    { maxLength: 6 },
  ),
  orders: fc.array(
    fc.record({
      no: fc.integer({ min: 1, max: 4 }),
      code: fc.constantFrom("999901", "999902", ...CODES),
      closed: fc.constantFrom("2018-06-05", "2018-06-30", "2018-05-01"),
    }),
    { maxLength: 3 },
  ),
  aliases: fc.uniqueArray(fc.constantFrom(...CODES), { maxLength: 1 }),
  record: fc.option(
    fc.record({
      no: fc.constantFrom("D1", "D3"),
      severity: fc.constantFrom("轻微", "一般", "严重"),
      state: fc.constantFrom("线索", "已公示", "已修复"),
    }),
    { nil: null },
  ),
});

const OWNER: Record<string, string> = { D1: "999901", D2: "999902", D3: "999903" };

/** Lays what arrived on a day into the folders of its sources. */
function lay(config: Config, day: string, arrived: Arrival): void {
  const put = (folder: string, name: string, lines: readonly string[]) => {
    if (lines.length === 0) return;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), `${lines.join("\n")}\n`);
  };
  const samples = join(config.workspace, "data-samples");
  put(
    join(config.dataDir, "tiny", "inbox", "record-inbox"),
    `${day}.ndjson`,
    arrived.events.map(({ record, event, on, entity }) => {
      const said = eventOf(
        event,
        addDays("2018-06-20", on) > day ? day : addDays("2018-06-20", on),
        {
          record,
          // Mostly the right body, at times another or an unknown one.
          entity: entity === "999903" ? (OWNER[record] as string) : entity,
          severity: "minor",
          correction_done: true,
          commitment_made: true,
          note: "synthetic",
          responsible: "999902",
        },
      );
      return JSON.stringify({ event_id: nameEvent(said), ...said, known_at: `${day} 08:00:00` });
    }),
  );
  put(join(samples, "orders"), `orders-known-${day}.csv`, [
    ...(arrived.orders.length > 0
      ? [
          "合成数据 Synthetic,,,,,,,,,",
          "工单编号,承办单位代码,类别,诉求内容,受理时间,办结时限,办结时间,重复工单号,来电人,是否解决",
        ]
      : []),
    ...arrived.orders.map(
      ({ no, code, closed }) =>
        `L${no},${code},噪音,合成,2018-06-02 10:00:00,2018-06-10 18:00:00,${closed} 09:00:00,,合成,是`,
    ),
  ]);
  put(join(samples, "aliases"), `aliases-${day}.csv`, [
    ...(arrived.aliases.length > 0
      ? ["合成数据 Synthetic,,,", "旧代码,现代码,启用,停用,推送"]
      : []),
    ...arrived.aliases.map((code) => `${code},999901,2010-01-01,,${day} 07:00:00`),
  ]);
  put(
    join(samples, "records"),
    `${day}.ndjson`,
    arrived.record
      ? [
          JSON.stringify({
            note: "合成 synthetic",
            no: arrived.record.no,
            body: OWNER[arrived.record.no],
            type: "行政处罚",
            severity: arrived.record.severity,
            subject: "机关",
            person: "",
            decided: "2018-05-10",
            state: arrived.record.state,
            published: "2018-05-15",
            repaired: arrived.record.state === "已修复" ? "2018-06-25" : "",
            known: `${day} 06:00:00`,
          }),
        ]
      : [],
  );
}

function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** What was published: the run, the bytes of every file, and what the two databases say; or why nothing could be. */
type Published =
  | {
      readonly run: string;
      readonly files: Record<string, string>;
      readonly databases: readonly PublishedFile[];
    }
  | { readonly refused: string };

async function publish(config: Config, day: string): Promise<{ told: Published; folder: string }> {
  // Nothing of an earlier answer is there to be left as it is.
  rmSync(join(config.dataDir, "tiny", "published"), { recursive: true, force: true });
  let result: RunResult;
  try {
    result = await runJune(config, endOf(day));
  } catch (error) {
    return { told: { refused: (error as Error).message }, folder: "" };
  }
  result.context.store.close();
  const folder = publishedFolder(result);
  const files = Object.entries(readTree(folder)).filter(([name]) => !name.endsWith(".duckdb"));
  return {
    told: {
      run: result.context.runId,
      files: Object.fromEntries(files),
      databases: readManifest(folder).outputs.filter(({ content }) => content !== undefined),
    },
    folder,
  };
}

/** Publishes again and holds it against what was published then. */
async function expectSame(config: Config, day: string, then: Published): Promise<void> {
  const { told, folder } = await publish(config, day);
  const where = `${day} in ${config.dataDir}`;
  if ("refused" in then || "refused" in told) {
    expect({ where, ...told }).toEqual({ where, ...then });
    return;
  }
  expect(Object.keys(told.files)).toEqual(Object.keys(then.files));
  const changed = Object.keys(then.files).filter((name) => told.files[name] !== then.files[name]);
  expect({ where, run: told.run, changed }).toEqual({ where, run: then.run, changed: [] });
  // The databases are opened: what their tables say now is what the manifest said of them then.
  expect(then.databases.map(({ path }) => path)).toEqual(["published.duckdb", "records.duckdb"]);
  for (const { path, content } of then.databases) {
    expect({ where, path, content: await digestContent(join(folder, path)) }).toEqual({
      ...{ where, path, content },
    });
  }
}

/** Two or three days of arrivals, and one of them that is asked about again when all of it is known. */
const history = fc
  .array(arrival, { minLength: 2, maxLength: 3 })
  .chain((arrivals) =>
    fc.record({ arrivals: fc.constant(arrivals), cut: fc.nat(arrivals.length - 2) }),
  );

test("replaying with knowledge cut at a time gives what was published then, byte for byte", async () => {
  let published = 0;
  await fc.assert(
    fc.asyncProperty(history, async ({ arrivals, cut }) => {
      const config = makeRecordCity({ narrow: true });
      let told: Published = { refused: "not asked" };
      for (const [at, arrived] of arrivals.entries()) {
        lay(config, DAYS[at] as string, arrived);
        if (at === cut) told = (await publish(config, DAYS[at] as string)).told;
        // Other days are worked out to the end too, but their files are nobody's concern here.
        else (await runJune(config, endOf(DAYS[at] as string), "warn")).context.store.close();
      }
      // In the same database, which has learnt since, and in an empty one into which everything comes at once.
      const fresh = { ...config, dataDir: `${config.dataDir}-fresh` };
      mkdirSync(join(fresh.dataDir, "tiny"), { recursive: true });
      const inbox = join("tiny", "inbox");
      if (existsSync(join(config.dataDir, inbox))) {
        cpSync(join(config.dataDir, inbox), join(fresh.dataDir, inbox), { recursive: true });
      }
      const day = DAYS[cut] as string;
      if (!("refused" in told)) published += 1;
      await expectSame(config, day, told);
      await expectSame(fresh, day, told);
      expect(readdirSync(join(config.dataDir, "tiny"))).not.toContain("replay");
      for (const { dataDir } of [config, fresh]) rmSync(dataDir, { recursive: true });
    }),
    { numRuns: Number(process.env.LAW_RUNS ?? 4), seed: 2018, endOnFailure: true },
  );
  expect(published).toBeGreaterThan(0);
}, 3_600_000);
