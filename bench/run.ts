import { benchComplaints } from "./complaints.ts";
import { benchComposite } from "./composite.ts";
import { benchHostile } from "./hostile.ts";
import { benchInteractive } from "./interactive.ts";
import { benchMainJob } from "./main-job.ts";
import { benchPages } from "./pages.ts";
import { benchQueue } from "./queue.ts";
import { benchReplications } from "./replications.ts";
import { benchSql } from "./sql.ts";
import { benchSubjects } from "./subjects.ts";
import { benchWarnings } from "./warnings.ts";

/**
 * `npm run bench [main|complaints [rows]|composite|replications|queue [months]|subjects [folder]|warnings [counties]|pages [data folder]|
 * interactive [data folder]|sql|hostile [minutes]]`: ratios against a baseline measured in the same run, or times against a stated target.
 */
const BENCHES =
  "main complaints composite replications queue subjects warnings pages interactive sql hostile".split(
    " ",
  );
const [which, size] = process.argv.slice(2);
if (which !== undefined && !BENCHES.includes(which)) {
  console.error(`There is no bench "${which}"; there are: ${BENCHES.join(", ")}.`);
  process.exit(2);
}
const wanted = (name: string) => which === undefined || which === name;
if (wanted("composite")) benchComposite();
if (wanted("main")) await benchMainJob();
if (wanted("replications")) benchReplications();
if (wanted("complaints")) await benchComplaints(Number(size ?? 20_000_000));
if (wanted("queue")) await benchQueue(Number(size ?? 36));
if (wanted("warnings")) await benchWarnings(Number(size ?? 3000));
if (wanted("pages")) await benchPages(size);
if (wanted("interactive")) await benchInteractive(size);
if (which === "subjects") await benchSubjects(size ?? ".data/qingdao");
if (wanted("sql")) await benchSql();
if (wanted("hostile")) await benchHostile(Number(size ?? 1));
process.exit();
