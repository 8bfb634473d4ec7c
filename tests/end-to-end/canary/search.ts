import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { gunzipSync } from "node:zlib";
import { unzipSync } from "fflate";
import { quoteLiteral } from "../../../src/store/sql-file.ts";
import { Store } from "../../../src/store/store.ts";
import { findMarkers } from "./markers.ts";

/** Markers below a folder, with the files that hold them: in names and bytes, in what is packed, and in what tables say. */
export async function searchFolder(folder: string): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  const store = await Store.open(":memory:", { memory: "512MB", threads: 1 });
  try {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const name = relative(folder, path);
      for (const marker of [...findMarkers(name), ...(await searchFile(store, path))]) {
        found.set(marker, [...new Set([...(found.get(marker) ?? []), name])]);
      }
    }
  } finally {
    store.close();
  }
  return found;
}

async function searchFile(store: Store, path: string): Promise<Set<string>> {
  const bytes = readFileSync(path);
  const found = findMarkers(bytes.toString("latin1"));
  const add = (text: string) => {
    for (const marker of findMarkers(text)) found.add(marker);
  };
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) add(gunzipSync(bytes).toString("latin1"));
  if (bytes.subarray(0, 4).toString("latin1") === "PK\x03\x04") {
    for (const part of Object.values(unzipSync(bytes))) add(Buffer.from(part).toString("latin1"));
  }
  if (bytes.subarray(0, 4).toString("latin1") === "PAR1") {
    add(await tell(store, `FROM read_parquet(${quoteLiteral(path)})`));
  }
  if (bytes.subarray(8, 12).toString("latin1") === "DUCK") add(await readDatabase(store, path));
  return found;
}

async function readDatabase(store: Store, path: string): Promise<string> {
  const told: string[] = [];
  await store.run(`ATTACH ${quoteLiteral(path)} AS held (READ_ONLY)`);
  try {
    const tables = await store.rows<{ name: string }>(
      `SELECT '"' || schema_name || '"."' || table_name || '"' AS name FROM duckdb_tables() WHERE database_name = 'held'`,
    );
    for (const { name } of tables) told.push(await tell(store, `FROM held.${name}`));
  } finally {
    await store.run("DETACH held");
  }
  return told.join("\n");
}

/** Names and values of a table, as text. */
async function tell(store: Store, from: string): Promise<string> {
  return JSON.stringify(await store.rows(`SELECT CAST(COLUMNS(*) AS VARCHAR) ${from}`));
}
