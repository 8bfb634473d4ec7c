import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { City, SampleFile, SampleSource } from "./city.ts";
import { readCalendar } from "./days.ts";
import { writeLetters } from "./kinds/mayor-mailbox.ts";
import { makeQuality } from "./quality.ts";
import { createRandom } from "./random.ts";
import { readRegister } from "./register.ts";
import { writeNote } from "./source-note.ts";
import { SOURCES } from "./sources.ts";

const HELP = `生成演示城市（全部为合成数据）。Makes the demo city; all of its data is synthetic.

  node --import tsx data-samples/generate/main.ts --seed 2018 --out data-samples/qingdao
  node --import tsx data-samples/generate/main.ts --seed 2018 --out data-samples/qingdao --only training,honours
  node --import tsx data-samples/generate/main.ts --complaints 100000000 --out big.parquet [--memory 512MB] [--threads 2]
`;

/** The demo city of a seed. */
export function makeCity(seed: number): City {
  const register = readRegister(seed);
  const calendar = readCalendar(resolve(import.meta.dirname, "../../metrics/calendar/china.csv"));
  return {
    seed,
    register,
    calendar,
    quality: makeQuality(seed, register),
    random: (label) => createRandom(seed, label),
  };
}

/** The files of one source, with its note. */
export async function makeSource(city: City, source: SampleSource): Promise<SampleFile[]> {
  const files = await source.make(city);
  return [
    ...files,
    { name: "SOURCE.md", bytes: new TextEncoder().encode(writeNote(source, files)) },
  ];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: "string", default: "2018" },
      out: { type: "string" },
      only: { type: "string" },
      complaints: { type: "string" },
      memory: { type: "string", default: "512MB" },
      threads: { type: "string", default: "2" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help || !values.out) {
    process.stdout.write(HELP);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const city = makeCity(Number(values.seed));
  if (values.complaints) {
    const options = { memory: values.memory, threads: Number(values.threads) };
    await writeLetters(city, Number(values.complaints), resolve(values.out), options);
    return;
  }
  const only = values.only?.split(",");
  for (const source of SOURCES) {
    if (only && !only.includes(source.id)) continue;
    const folder = join(values.out, source.id);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const { name, bytes } of await makeSource(city, source)) {
      writeFileSync(join(folder, name), bytes);
      process.stdout.write(`${source.id}/${name} ${bytes.length}\n`);
    }
  }
}

if (process.argv[1] === import.meta.filename) await main();
