import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPublished } from "../src/publish/find-published.ts";
import { openPublished } from "../src/publish/open-published.ts";
import { checkSubjects } from "../src/subjects/check-subjects.ts";
import { readSubjectList, writeAnswersCsv } from "../src/subjects/subject-list.ts";

/**
 * 100,000 subjects, a third of them bodies by code, a third by name, the rest companies: reading the list, checking it and
 * writing the answers, against the target of 5 s for the check.
 * @param dataDir folder of a jurisdiction that has published something
 */
export async function benchSubjects(dataDir: string): Promise<void> {
  const folder = findPublished(dataDir);
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
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
