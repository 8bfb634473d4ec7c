import { benchComplaints } from "./complaints.ts";
import { benchComposite } from "./composite.ts";
import { benchHostile, benchReading } from "./hostile.ts";
import { benchInteractive } from "./interactive.ts";
import { benchMainJob } from "./main-job.ts";
import { benchOcds } from "./ocds.ts";
import { benchPages } from "./pages.ts";
import { benchQueue } from "./queue.ts";
import { benchReplications } from "./replications.ts";
import { benchRetention } from "./retention.ts";
import { benchSql } from "./sql.ts";
import { benchSubjects } from "./subjects.ts";
import { benchWarnings } from "./warnings.ts";
import { benchWide } from "./wide.ts";
import { benchYear } from "./year.ts";

/**
 * `npm run bench [main|complaints [rows]|composite|replications|queue [months]|subjects [folder]|warnings [counties]|pages [data folder]|
 * interactive [data folder]|ocds [files]|sql|wide [indicators] [bodies]|year [days]|retention [runs]|hostile [minutes]]`: ratios against a baseline measured in the same run, or times against a stated target.
 */
const [which, size] = process.argv.slice(2);
const BENCHES: Readonly<Record<string, () => unknown>> = {
  composite: benchComposite,
  main: benchMainJob,
  replications: benchReplications,
  complaints: () => benchComplaints(Number(size ?? 20_000_000)),
  queue: () => benchQueue(Number(size ?? 36)),
  warnings: () => benchWarnings(Number(size ?? 3000)),
  pages: () => benchPages(size),
  interactive: () => benchInteractive(size),
  subjects: () => benchSubjects(size ?? ".data/qingdao"),
  ocds: () => benchOcds(Number(size ?? 100_000)),
  sql: benchSql,
  wide: () => benchWide(Number(size ?? 500), Number(process.argv[4] ?? 5000)),
  year: () => benchYear(Number(size ?? 400)),
  retention: () => benchRetention(Number(size ?? 1000)),
  hostile: async () => {
    // Reading and running take half of the time each.
    await benchReading(Number(size ?? 1) / 2);
    await benchHostile(Number(size ?? 1) / 2);
  },
};
// Subjects need a city that has been run.
const wanted =
  which === undefined ? Object.keys(BENCHES).filter((name) => name !== "subjects") : [which];
for (const name of wanted) {
  const bench = BENCHES[name];
  if (!bench) {
    console.error(`There is no bench "${name}"; there are: ${Object.keys(BENCHES).join(", ")}.`);
    process.exit(2);
  }
  await bench();
}
process.exit();
