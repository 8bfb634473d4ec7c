import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach } from "vitest";
import type { Context } from "../../src/context.ts";
import { pull } from "../../src/pull/pull.ts";
import type { SourceDefinition } from "../../src/standard/source-definition.ts";
import { Store } from "../../src/store/store.ts";

type Format = SourceDefinition["format"];

/** A workspace in a temporary folder with one source named "letters" that takes files from in/. */
export interface Fixture {
  readonly folder: string;
  readonly context: Context;
  readonly store: Store;
  write(name: string, content: string | Uint8Array): string;
  pull(): ReturnType<typeof pull>;
  /** Rows of the source's view, in the order of file and line. */
  rows(columns?: string): Promise<Record<string, unknown>[]>;
  quarantined(): Promise<Record<string, unknown>[]>;
  files(): Promise<Record<string, unknown>[]>;
}

const open: { store: Store; folder: string }[] = [];

afterEach(() => {
  for (const { store, folder } of open.splice(0)) {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** What a definition says that says nothing of its format. */
export const DEFAULTS = {
  type: "csv",
  encoding: "utf-8",
  delimiter: ",",
  skip: 0,
  header_rows: 1,
  header_joint: "/",
  footers: "auto",
  merged: "first",
} as const satisfies Format;

/** Blanks, brackets, quotation marks and Chinese in the path are part of the test. */
export async function makeFixture(
  format: Partial<Format> = {},
  source: Partial<SourceDefinition> = {},
): Promise<Fixture> {
  const folder = mkdtempSync(join(tmpdir(), "pull 来信 [x]'*-"));
  const store = await Store.open(":memory:", { memory: "256MB", threads: 2 });
  open.push({ store, folder });
  const definition = {
    source: "letters",
    title: { zh: "来信", en: "Letters" },
    connector: { type: "folder", path: "in", match: "*" },
    format: { ...DEFAULTS, ...format },
    columns: {},
    ...source,
  } as SourceDefinition;
  const context = {
    store,
    workspace: folder,
    dataDir: join(folder, "data"),
    pipeline: { time_zone: "Asia/Shanghai", sources: ["letters"], require: "any" },
    sources: [definition],
    receivedAt: "2019-01-10 00:00:00",
    progress: { step() {} },
  } as unknown as Context;
  return {
    folder,
    context,
    store,
    write(name, content) {
      const path = join(folder, "in", name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
    pull: () => pull(context),
    rows: (columns = '* EXCLUDE ("_file_id")') =>
      store.rows(`SELECT ${columns} FROM raw.letters ORDER BY "_file_id", "_line"`),
    quarantined: () => store.rows("SELECT * FROM quarantine.row ORDER BY file_id, line"),
    files: () => store.rows("SELECT * FROM raw.file ORDER BY file_id"),
  };
}
