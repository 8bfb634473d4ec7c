import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { SETTINGS } from "../src/settings.ts";
import { measureProcess } from "./measure-process.ts";

const PROGRAM_FOLDER = resolve(import.meta.dirname, "..");
const PROGRAM = join(PROGRAM_FOLDER, "src/cli/zhengxin.js");
/** Orders of each body, spread over a year. */
const ORDERS = 20;

/**
 * A very large standard under the program's own bounds of memory: seconds and peak memory of each stage of a first run.
 * Bodies, orders and indicators are made up.
 */
export async function benchWide(indicators = 500, bodies = 5000): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "zhengxin-bench-"));
  try {
    const workspace = join(folder, "workspace");
    execFileSync(process.execPath, [PROGRAM, "init", workspace], { stdio: "ignore" });
    writeSamples(join(workspace, "samples"), bodies);
    writeIndicators(workspace, indicators);
    console.log(
      `${indicators} indicators x ${bodies} bodies, ${bodies * ORDERS} orders, 13 months, memory bound ${SETTINGS.memory.fallback}`,
    );
    const environment = { ZHENGXIN_WORKSPACE: workspace, DATA_DIR: join(folder, "data") };
    for (const stage of ["pull", "conform", "check", "measure", "score", "warn", "publish"]) {
      const { seconds, peakMiB } = await measureProcess(process.execPath, [PROGRAM, stage], {
        cwd: PROGRAM_FOLDER,
        environment,
      });
      console.log(`  ${stage.padEnd(8)} ${seconds.toFixed(1)} s, ${peakMiB.toFixed(0)} MiB`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeSamples(folder: string, bodies: number): void {
  const entities = ["代码,名称,英文名,常住人口,数据性质"];
  const orders = [
    "工单编号,承办单位,类别,受理时间,签收时间,办结时限,办结时间,是否解决,满意度,推送日期,数据性质",
  ];
  for (let body = 0; body < bodies; body++) {
    const code = String(100_001 + body);
    entities.push(
      `${code},合成${code}区,Synthetic ${code},${100_000 + body},合成示例数据 synthetic`,
    );
    for (let order = 0; order < ORDERS; order++) {
      const month = String(7 + (order % 6)).padStart(2, "0");
      const day = String(1 + ((body + order) % 20)).padStart(2, "0");
      const resolved = (body * 7 + order * 3) % 10 < 8 ? "是" : "否";
      orders.push(
        [
          `W${body}-${order}`,
          code,
          "物业管理",
          `2023-${month}-${day} 09:00:00`,
          `2023-${month}-${day} 15:00:00`,
          `2023-${month}-${day} 18:00:00`,
          `2023-${month}-${day} 17:00:00`,
          resolved,
          "满意",
          "2024-01-10",
          "合成示例数据 synthetic",
        ].join(","),
      );
    }
  }
  writeFileSync(join(folder, "entities.csv"), `${entities.join("\n")}\n`);
  writeFileSync(join(folder, "complaints-2024.csv"), `${orders.join("\n")}\n`);
}

/** The same question under many names: what is asked of each is the same, and the engine does not know it. */
function writeIndicators(workspace: string, count: number): void {
  const folder = join(workspace, "metrics", "indicators", "B2");
  const text = readFileSync(join(folder, "complaint-resolution.sql"), "utf8");
  const names = Array.from({ length: count - 4 }, (_, place) => `made-${place + 1}`);
  for (const name of names) writeFileSync(join(folder, `${name}.sql`), text);
  const file = join(workspace, "metrics", "standards", "my-city.yaml");
  const weight = `weight: { district: ${100 / count} }`;
  const lines = names.map(
    (name) =>
      `  - { indicator: B2/${name}, parent: B2, ${weight}, normalise: share, assumption: true }`,
  );
  const standard = readFileSync(file, "utf8")
    .replace(/(indicator: B2.*)weight: \{ district: \d+ \}/g, `$1${weight}`)
    .replace("normalisations:", `${lines.join("\n")}\nnormalisations:`);
  writeFileSync(file, standard);
}
