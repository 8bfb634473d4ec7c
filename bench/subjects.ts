import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readConfig } from "../src/config.ts";
import { listAllPublished } from "../src/publish/find-published.ts";
import { readManifest } from "../src/publish/manifest.ts";
import { openPublished } from "../src/publish/open-published.ts";
import { makeApp } from "../src/serve/app.ts";
import { addToken } from "../src/serve/auth/token-file.ts";
import { startServer } from "../src/serve/server.ts";
import { checkSubjects } from "../src/subjects/check-subjects.ts";
import { readSubjectList, writeAnswersCsv } from "../src/subjects/subject-list.ts";

/**
 * 100,000 subjects, a third of them bodies by code, a third by name, the rest companies: reading the list, checking it and
 * writing the answers, and all of it by HTTP on loopback, against the target of 5 s for each.
 * @param dataDir folder of a jurisdiction that has published something
 */
export async function benchSubjects(dataDir: string): Promise<void> {
  const folder = listAllPublished(dataDir).findLast(({ newest }) => newest)?.folder;
  if (folder === undefined) throw new Error(`Nothing is published in ${dataDir}.`);
  const options = { memory: "400MB", threads: 2 };
  const store = await openPublished(options, folder);
  const bodies = await store.rows<{ entity_id: string; name_zh: string }>(
    "SELECT entity_id, name_zh FROM published.entity ORDER BY entity_id",
  );
  store.close();
  const lines = Array.from({ length: 100_000 }, (_, at) => {
    const body = bodies[at % bodies.length];
    if (at % 3 === 0) return `${body?.entity_id},`;
    return at % 3 === 1 ? `,${body?.name_zh}` : `9137020${String(at).padStart(10, "0")}X,公司${at}`;
  });
  const scratch = mkdtempSync(join(tmpdir(), "subjects-"));
  try {
    const seconds = async <T>(what: string, work: () => T | Promise<T>): Promise<T> => {
      const begun = performance.now();
      const before = process.cpuUsage();
      const result = await work();
      const { user, system } = process.cpuUsage(before);
      console.log(
        `${what.padEnd(24)} ${((performance.now() - begun) / 1000).toFixed(2)} s, processor ${((user + system) / 1e6).toFixed(2)} s`,
      );
      return result;
    };
    const start = performance.now();
    const subjects = await seconds("read the list", () =>
      readSubjectList(Buffer.from(`代码,名称\n${lines.join("\n")}\n`)),
    );
    const check = await seconds("check", () =>
      checkSubjects(folder, subjects, "procurement", options),
    );
    await seconds("write the answers", () =>
      writeFileSync(join(scratch, "answers.csv"), writeAnswersCsv(check)),
    );
    console.log(`together                 ${((performance.now() - start) / 1000).toFixed(2)} s`);
    console.log(JSON.stringify(check.counts));
    await seconds("by HTTP, CSV", () => askServer(scratch, folder, lines, "text/csv"));
    await seconds("by HTTP, JSON", () => askServer(scratch, folder, lines, "application/json"));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** One call of the API in the form given, from sending the list to having read the last answer. */
async function askServer(
  scratch: string,
  folder: string,
  lines: readonly string[],
  form: "text/csv" | "application/json",
): Promise<void> {
  const { pipeline, jurisdiction } = readManifest(folder);
  // A data folder of its own, so that neither token nor journal is left in the real one.
  mkdirSync(join(scratch, jurisdiction), { recursive: true });
  const published = join(scratch, jurisdiction, "published");
  if (!existsSync(published)) symlinkSync(resolve(folder, "..", "..", ".."), published);
  const config = readConfig({ DATA_DIR: scratch });
  const { secret } = addToken(config, { name: "bench", role: "officer" });
  const app = makeApp({ config, isStopping: () => false });
  const server = await startServer(app, "127.0.0.1", 0);
  try {
    const question = { pipeline, purpose: "procurement" };
    const subjects = lines.map((line) => {
      const [code, name] = line.split(",");
      return { code: code || undefined, name: name || undefined };
    });
    const csv = form === "text/csv";
    const answer = await fetch(
      `${server.address}/api/check-subjects${csv ? `?${new URLSearchParams(question)}` : ""}`,
      {
        method: "POST",
        headers: { Authorization: `Bearer ${secret}`, "Content-Type": form, Accept: form },
        body: csv ? `代码,名称\n${lines.join("\n")}\n` : JSON.stringify({ ...question, subjects }),
      },
    );
    const text = await answer.text();
    if (!answer.ok) throw new Error(`The server answered ${answer.status}: ${text.slice(0, 200)}`);
    console.log(`                         ${(text.length / 1e6).toFixed(1)} MB of answers`);
  } finally {
    await server.close();
  }
}
