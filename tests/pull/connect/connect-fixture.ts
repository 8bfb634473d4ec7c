import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Writable } from "node:stream";
import { pino } from "pino";
import { afterEach } from "vitest";
import type { Context } from "../../../src/context.ts";
import { type Fetcher, fetchSource } from "../../../src/pull/connect/fetch-source.ts";
import { FetchError } from "../../../src/pull/fetch-error.ts";
import { pull } from "../../../src/pull/pull.ts";
import { readSource } from "../../../src/standard/source-definition.ts";
import { Store } from "../../../src/store/store.ts";

/** A workspace in a temporary folder with one source, "letters", and a database on disk. */
export interface ConnectFixture {
  readonly folder: string;
  readonly context: Context;
  readonly store: Store;
  /** Everything logged so far. */
  logged(): string;
  write(name: string, content: string | Uint8Array): string;
  fetch(): Promise<number>;
  /** The error with which a fetch ends; fails when it does not. */
  fail(): Promise<FetchError>;
  pull(): ReturnType<typeof pull>;
  /** Names of the files received, in order. */
  names(): Promise<string[]>;
  /** What was received, in order, as text. */
  contents(): Promise<string[]>;
  /** Rows of the raw view, in the order of file and line. */
  rows(columns?: string): Promise<Record<string, unknown>[]>;
  close(): void;
}

const open: ConnectFixture[] = [];

afterEach(() => {
  for (const fixture of open.splice(0)) {
    fixture.close();
    rmSync(fixture.folder, { recursive: true, force: true });
  }
});

/** The clock of every fixture, unless a test says otherwise. */
export const NOON = "2019-01-10T04:00:00Z";

/**
 * @param connector YAML of the connector's keys, in flow or block style, indented by two blanks in block style
 * @param format YAML of the format
 * @param time the real time; the as-of time is the same in Shanghai
 */
export async function openFixture(
  connector: string,
  format = "{ type: json }",
  { folder, time = NOON }: { folder?: string; time?: string } = {},
): Promise<ConnectFixture> {
  const place = folder ?? mkdtempSync(join(tmpdir(), "connect-"));
  const file = join(place, "letters.yaml");
  writeFileSync(file, sourceText(connector, format));
  const source = readSource(file).value;
  const dataDir = join(place, "data");
  mkdirSync(dataDir, { recursive: true });
  const store = await Store.open(join(dataDir, "working.duckdb"), { memory: "256MB", threads: 2 });
  let log = "";
  const sink = new Writable({
    write(chunk, _encoding, done) {
      log += chunk;
      done();
    },
  });
  const context = {
    store,
    workspace: place,
    dataDir,
    pipeline: {
      pipeline: "letters",
      time_zone: "Asia/Shanghai",
      sources: ["letters"],
      require: "quorum",
      quorum: 0,
    },
    sources: [source],
    asOf: "2019-01-10 12:00:00",
    receivedAt: "2019-01-10 12:00:00",
    clock: () => new Date(time),
    log: pino({ level: "debug" }, sink),
    progress: { step() {} },
  } as unknown as Context;
  const fetcher = (): Fetcher => ({ ...context, atDatabase: (work) => work(store) });
  let closed = false;
  const received = () =>
    store.rows<{ file_name: string; path: string }>(
      "SELECT file_name, path FROM raw.received ORDER BY received_id",
    );
  const fixture: ConnectFixture = {
    folder: place,
    context,
    store,
    logged: () => log,
    write(name, content) {
      const path = join(place, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
    fetch: () => fetchSource(fetcher(), source),
    async fail() {
      try {
        await fetchSource(fetcher(), source);
      } catch (error) {
        if (error instanceof FetchError) return error;
        throw error;
      }
      throw new Error("The fetch should have failed, but did not.");
    },
    pull: () => pull(context),
    names: async () => (await received()).map(({ file_name }) => file_name),
    contents: async () =>
      (await received()).map(({ path }) => readFileSync(join(dataDir, path), "utf8")),
    rows: (columns = '* EXCLUDE ("_file_id", "_line")') =>
      store.rows(`SELECT ${columns} FROM raw.letters ORDER BY "_file_id", "_line"`),
    close() {
      if (!closed) store.close();
      closed = true;
    },
  };
  open.push(fixture);
  return fixture;
}

/** A source file whose columns do not matter: fetching ends before them. */
export function sourceText(connector: string, format: string): string {
  return `source: letters
title: { zh: 来信（合成）, en: Letters (synthetic) }
owner: { zh: 办公室, en: Office }
synthetic: true
kind: complaint
connector: ${connector}
format: ${format}
key: [record_key]
valid: { from: received_at }
known_at: receipt
columns:
  record_key: { from: id }
  entity_id: { from: body }
  received_at: { from: at }
`;
}

/** Every byte of every file below a folder, in one text; for looking for what must not be there. */
export function readEverything(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
    .join("\n");
}
