import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Store } from "./store.ts";

const FOLDER = join(import.meta.dirname, "migrations");

interface Migration {
  readonly version: number;
  readonly name: string;
}

/**
 * Brings a database to the newest schema, one numbered file at a time, each in its own transaction; a new database gets
 * them all in one, which takes half the time.
 * @throws Error in a sentence when the database was written by a newer program
 */
export async function migrate(store: Store): Promise<void> {
  const migrations = listMigrations();
  const newest = migrations.at(-1)?.version ?? 0;
  await store.run(
    "CREATE TABLE IF NOT EXISTS main.schema_version (version INTEGER PRIMARY KEY, name VARCHAR NOT NULL)",
  );
  const row = await store.row<{ version: number }>(
    "SELECT coalesce(max(version), 0) AS version FROM main.schema_version",
  );
  const held = row?.version ?? 0;
  if (held > newest) {
    throw new Error(
      `The database ${store.path} has schema version ${held}, made by a newer zhengxin; this one knows up to ${newest}. Use the newer program, or another DATA_DIR.`,
    );
  }
  // Views read the as-of time from a session variable; it must exist before they are bound.
  await store.run("SET VARIABLE as_of = TIMESTAMP '1970-01-01 00:00:00'");
  const wanted = migrations.filter(({ version }) => version > held);
  const steps = held === 0 ? [wanted] : wanted.map((migration) => [migration]);
  for (const step of steps) {
    await store.transaction(async () => {
      for (const migration of step) await apply(store, migration);
    });
  }
}

async function apply(store: Store, { version, name }: Migration): Promise<void> {
  await store.script(readFileSync(join(FOLDER, name), "utf8"));
  await store.run("INSERT INTO main.schema_version VALUES ($version, $name)", {
    version,
    name,
  });
}

function listMigrations(): Migration[] {
  return readdirSync(FOLDER)
    .filter((name) => /^\d{4}-.*\.sql$/.test(name))
    .sort()
    .map((name) => ({ version: Number(name.slice(0, 4)), name }));
}
