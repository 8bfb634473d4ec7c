import { readConfig } from "../config.ts";
import { findRedisTrouble } from "../queue/redis-state.ts";

/** Verbs that live by Redis and tell when it is away. */
const SERVICES = ["up", "worker", "scheduler"];

// Runs while the rest of the program is compiled, which takes seconds: whoever starts a service hears at once what is missing.
if (SERVICES.includes(process.argv[2] ?? "") && !process.argv.includes("--help")) {
  process.stderr.write(
    "首次启动，先编译程序，约需数秒。First start: the program is compiled, which takes some seconds.\n",
  );
  const trouble = await findRedisTrouble(readConfig());
  if (trouble) process.stderr.write(`! ${trouble.zh}\n  ${trouble.en}\n`);
}
