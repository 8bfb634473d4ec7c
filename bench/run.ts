import { benchComplaints } from "./complaints.ts";
import { benchComposite } from "./composite.ts";
import { benchMainJob } from "./main-job.ts";
import { benchQueue } from "./queue.ts";
import { benchReplications } from "./replications.ts";

/** `npm run bench [main|complaints [rows]|queue [months]]`: ratios against a baseline measured in the same run. */
/** `npm run bench [main|complaints [rows]|composite]`: ratios against a baseline measured in the same run. */
const [which, rows] = process.argv.slice(2);
if (which === undefined || which === "composite") benchComposite();
if (which === undefined || which === "main") await benchMainJob();
if (which === undefined || which === "replications") benchReplications();
if (which === undefined || which === "complaints") {
  await benchComplaints(Number(rows ?? 20_000_000));
}
if (which === undefined || which === "queue") await benchQueue(Number(rows ?? 36));
