import type { Roles } from "../services.ts";
import { act, type CommonOptions, configFor, makeCommand } from "./command.ts";
import { openLog, openServiceLog, printResult } from "./terminal.ts";

/** `zhengxin up`: everything in one process. */
export function upCommand() {
  return makeCommand(
    "up",
    "Run scheduler, workers and web server in this process, until it is stopped.",
    ["up", "up --port 9000"],
  )
    .option("--port <port>", "port of the web server (setting ZHENGXIN_PORT)")
    .action(act((options: CommonOptions) => serve(options, UP)));
}

/** `zhengxin worker`: one more machine for the work. */
export function workerCommand() {
  return makeCommand(
    "worker",
    "Work on queued jobs in this process; any number of machines may, sharing Redis and DATA_DIR.",
    ["worker", "worker --port 9101"],
  )
    .option("--port <port>", "serve /health, /ready and /metrics on this port too")
    .action(
      act((options: CommonOptions) =>
        serve(options, { worker: true, scheduler: false, web: options.port !== undefined }),
      ),
    );
}

/** `zhengxin scheduler`: starts runs when they are due. */
export function schedulerCommand() {
  return makeCommand(
    "scheduler",
    "Start runs when their schedules are due; several of these do not double anything.",
    ["scheduler"],
  )
    .option("--port <port>", "serve /health, /ready and /metrics on this port too")
    .action(
      act((options: CommonOptions) =>
        serve(options, { worker: false, scheduler: true, web: options.port !== undefined }),
      ),
    );
}

/** `zhengxin serve`: the pages and the API alone. */
export function serveCommand() {
  return makeCommand(
    "serve",
    "Serve the pages and the API of what is published, without Redis and without running anything.",
    ["serve", "serve --port 9000"],
  )
    .option("--port <port>", "port of the web server (setting ZHENGXIN_PORT)")
    .action(act(serveOnly));
}

async function serveOnly(options: CommonOptions): Promise<undefined> {
  const config = configFor(options);
  // Queue and web server take a while to load: only the commands that need them do.
  const { makeApp } = await import("../serve/app.ts");
  const { startServer } = await import("../serve/server.ts");
  let stopping = false;
  const app = makeApp({ config, log: openLog(config), warm: true, isStopping: () => stopping });
  const web = await startServer(app, config.host, config.port);
  const stopped = untilStopped();
  printResult(
    options.json,
    { address: web.address },
    `运行中，按 Ctrl-C 停止。Serving; Ctrl-C stops it.\n  web    ${web.address}`,
  );
  await stopped;
  stopping = true;
  await web.close();
  process.exit(0);
}

/** Until somebody stops the program; whoever asks twice does not want to wait. */
function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      process.once("SIGINT", () => process.exit(1));
      process.once("SIGTERM", () => process.exit(1));
      resolve();
    };
    process.once("SIGINT", stop);
    process.once("SIGTERM", stop);
  });
}

const UP: Roles = { worker: true, scheduler: true, web: true };

async function serve(options: CommonOptions, roles: Roles): Promise<undefined> {
  const config = configFor(options);
  const { startServices } = await import("../services.ts");
  const services = await startServices(config, roles, openServiceLog(config));
  const stopped = untilStopped();
  printResult(
    options.json,
    {
      redis: services.redis,
      address: services.address ?? null,
      roles,
      missing: services.missing ?? null,
    },
    [
      `运行中，按 Ctrl-C 停止。Running; Ctrl-C stops it.`,
      `  Redis  ${services.redis}`,
      ...(services.missing ? [`  ! ${services.missing.zh}`, `    ${services.missing.en}`] : []),
      ...(services.address ? [`  web    ${services.address}`] : []),
    ].join("\n"),
  );
  try {
    await Promise.race([stopped, services.failed]);
  } finally {
    await services.close();
  }
  // Nothing is left to do; a connection somewhere must not keep the process.
  process.exit(0);
}
