import { pino } from "pino";
import { readConfig } from "../../../src/config.ts";
import { pull } from "../../../src/pull/pull.ts";
import { openContext } from "../../../src/run-context.ts";

/** The first stage of a pipeline in a process of its own, without the others, so that it starts quickly. */
const config = readConfig();
const [pipeline = ""] = process.argv.slice(2);
const context = await openContext(config, { pipeline, log: pino({ level: "warn" }) });
const outcome = await pull(context);
context.store.close();
process.stdout.write(`${JSON.stringify(outcome, null, 1)}\n`);
