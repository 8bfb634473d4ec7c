import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { SETTINGS } from "../src/settings.ts";
import { sqlFile } from "../src/store/sql-file.ts";
import { Store } from "../src/store/store.ts";
import { measureProcess } from "./measure-process.ts";

const PROGRAM_FOLDER = resolve(import.meta.dirname, "..");
const PROGRAM = join(PROGRAM_FOLDER, "src/cli/zhengxin.js");
const sql = sqlFile(import.meta.dirname, "bench.sql");
/** Releases of each contracting process: tender, award, contract, payment. */
const STEPS = 4;
const BUYERS = ["370202", "370203", "370211", "370212", "370213"];
/** Files in a folder, as publishers lay them out by day. */
const IN_FOLDER = 1000;

/**
 * Files of one OCDS release each, under the program's own bound of memory: files a second and peak memory of pull and conform, a
 * day's further files, and the ratio to one read_json of DuckDB over the same files. A tenth of the files is done first: the time
 * of one file must not grow with their number.
 */
export async function benchOcds(files = 100_000): Promise<void> {
  console.log(`${files} files of one release each, memory bound ${SETTINGS.memory.fallback}`);
  const few = await timeFiles(Math.max(STEPS, Math.round(files / 10)));
  const many = await timeFiles(files);
  const growth = many.seconds / files / (few.seconds / few.files);
  console.log(`  time of one file among all: ${growth.toFixed(2)} x that among a tenth (target 1)`);
}

async function timeFiles(files: number): Promise<{ files: number; seconds: number }> {
  const folder = mkdtempSync(join(tmpdir(), "zhengxin-bench-"));
  try {
    const workspace = join(folder, "workspace");
    makeWorkspace(workspace);
    const releases = join(workspace, "releases");
    writeReleases(releases, 0, files);
    const plain = await timePlain(join(releases, "**", "*.json"));
    const environment = { ZHENGXIN_WORKSPACE: workspace, DATA_DIR: join(folder, "data") };
    const stage = async (name: string) =>
      measureProcess(process.execPath, [PROGRAM, name, "ocds"], {
        cwd: PROGRAM_FOLDER,
        environment,
      });
    console.log(`  ${files} files; plain read_json ${plain.toFixed(1)} s`);
    let seconds = 0;
    for (const name of ["pull", "conform"]) {
      const measured = await stage(name);
      seconds += measured.seconds;
      console.log(
        `    ${name.padEnd(8)} ${measured.seconds.toFixed(1)} s, ${(files / measured.seconds).toFixed(0)} files/s, ${measured.peakMiB.toFixed(0)} MiB`,
      );
    }
    const rate = (files / seconds).toFixed(0);
    console.log(`    together ${rate} files/s, ${(seconds / plain).toFixed(1)} x the plain read`);
    const further = Math.max(1, Math.round(files / 1000));
    writeReleases(releases, files, files + further);
    let again = 0;
    for (const name of ["pull", "conform"]) again += (await stage(name)).seconds;
    console.log(`    ${further} further files: ${again.toFixed(1)} s`);
    return { files, seconds };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The bundled city's districts, with the bench's own pipeline and source. */
function makeWorkspace(workspace: string): void {
  const copies = ["metrics/indicators", "metrics/calendar", "metrics/checks", "pipelines/codes"];
  for (const path of [...copies, "data-samples/qingdao/divisions"]) {
    cpSync(join(PROGRAM_FOLDER, path), join(workspace, path), { recursive: true });
  }
  const own: readonly (readonly [string, string])[] = [
    ["ocds-pipeline.yaml", "pipelines/ocds.yaml"],
    ["ocds-source.yaml", "pipelines/sources/releases.yaml"],
    ["complaints-standard.yaml", "metrics/standards/complaints.yaml"],
  ];
  for (const [from, to] of own) cpSync(join(import.meta.dirname, from), join(workspace, to));
  cpSync(
    join(PROGRAM_FOLDER, "pipelines/sources/qingdao/divisions.yaml"),
    join(workspace, "pipelines/sources/divisions.yaml"),
  );
}

function writeReleases(folder: string, from: number, to: number): void {
  for (let at = from; at < to; at += 1) {
    const place = join(folder, String(Math.floor(at / IN_FOLDER)));
    if (at === from || at % IN_FOLDER === 0) mkdirSync(place, { recursive: true });
    writeFileSync(join(place, `${at}.json`), JSON.stringify(makeRelease(at)));
  }
}

/** A partial release: only what the step brings. */
function makeRelease(at: number): object {
  const process = Math.floor(at / STEPS);
  const step = at % STEPS;
  const day = String(1 + (process % 27)).padStart(2, "0");
  const date = `2018-0${1 + step}-${day}T09:00:00+08:00`;
  const head = { ocid: `ocds-bench0-${process}`, id: `${process}-${step}`, date };
  const value = { amount: 1000 + (process % 9000), currency: "CNY" };
  const text = `Synthetic purchase number ${process} of no real body. `.repeat(6);
  const contract = { id: "1", awardID: "1" };
  const steps = [
    {
      tag: ["tender"],
      initiationType: "tender",
      buyer: { id: BUYERS[process % BUYERS.length], name: "Synthetic" },
      tender: { id: "1", title: `Purchase ${process}`, description: text, value },
    },
    {
      tag: ["award"],
      awards: [{ id: "1", date, status: "active", value, suppliers: [{ id: "s", name: "S" }] }],
    },
    {
      tag: ["contract"],
      contracts: [{ ...contract, status: "active", dateSigned: date, value, description: text }],
    },
    {
      tag: ["implementation"],
      contracts: [{ ...contract, implementation: { transactions: [{ id: "1", date, value }] } }],
    },
  ];
  return { ...head, ...steps[step] };
}

async function timePlain(pattern: string): Promise<number> {
  const store = await Store.open(":memory:", { memory: "512MB", threads: 2 });
  try {
    const start = performance.now();
    await store.rows(sql("read-releases"), { pattern });
    return (performance.now() - start) / 1000;
  } finally {
    store.close();
  }
}
