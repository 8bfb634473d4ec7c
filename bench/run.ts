import { benchComplaints } from "./complaints.ts";
import { benchMainJob } from "./main-job.ts";
import { benchWarnings } from "./warnings.ts";

/** `npm run bench [main|complaints [rows]|warnings [counties]]`: ratios against a baseline measured in the same run. */
const [which, rows] = process.argv.slice(2);
if (which === undefined || which === "main") await benchMainJob();
if (which === undefined || which === "complaints") {
  await benchComplaints(Number(rows ?? 20_000_000));
}
if (which === undefined || which === "warnings") await benchWarnings(Number(rows ?? 3000));
