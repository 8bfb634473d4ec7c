import { Command, CommanderError } from "commander";
import { CODE_VERSION } from "../run-identity.ts";
import { alertCommand } from "./alert.ts";
import { auditCommand } from "./audit.ts";
import { backfillCommand } from "./backfill.ts";
import { backtestCommand } from "./backtest.ts";
import { checkSubjectsCommand } from "./check-subjects.ts";
import { compareCommand } from "./compare.ts";
import { coverageCommand } from "./coverage.ts";
import { creditReportCommand } from "./credit-report.ts";
import { deltaCommand } from "./delta.ts";
import { explainCommand } from "./explain.ts";
import { forgetCommand } from "./forget.ts";
import { initCommand } from "./init.ts";
import { jobsCommand } from "./jobs.ts";
import { methodCommand } from "./method.ts";
import { ocdsCommand } from "./ocds.ts";
import { quarantineCommand } from "./quarantine.ts";
import { rankCommand } from "./rank.ts";
import { recordCommand } from "./record.ts";
import { releaseCommand } from "./release.ts";
import { repairCommand } from "./repair.ts";
import { replicateCommand } from "./replicate.ts";
import { restateCommand } from "./restate.ts";
import { runCommand, stageCommands } from "./run.ts";
import { schedulerCommand, serveCommand, upCommand, workerCommand } from "./services.ts";
import { sqlCommand } from "./sql.ts";
import { statusCommand } from "./status.ts";
import { EXIT } from "./terminal.ts";
import { tidyCommand } from "./tidy.ts";
import { tokenCommand } from "./token.ts";
import { validateCommand } from "./validate.ts";
import { verifyCommand } from "./verify.ts";
import { withdrawCommand } from "./withdraw.ts";

const program = new Command("zhengxin")
  .description(
    "政信：让政府说到做到。Monthly integrity rankings of districts, departments and sub-districts.",
  )
  .version(CODE_VERSION)
  .enablePositionalOptions()
  .showHelpAfterError("Add --help to see how the command is used.")
  .addHelpText(
    "after",
    `
Examples:
  $ zhengxin run qingdao --period 2018-06      the whole line, from sources to report
  $ zhengxin rank qingdao --period 2018-06     the ranking it published
  $ zhengxin explain 370215 --period 2018-06   why a district stands where it stands

Exit codes: 0 done; 1 could not be done; 2 wrong usage; 3 a definition file is faulty; 4 verify found a difference.`,
  );

const verbs = [
  initCommand(),
  runCommand(),
  ...stageCommands(),
  rankCommand(),
  sqlCommand(),
  explainCommand(),
  deltaCommand(),
  compareCommand(),
  methodCommand(),
  replicateCommand(),
  repairCommand(),
  coverageCommand(),
  creditReportCommand(),
  checkSubjectsCommand(),
  alertCommand(),
  recordCommand(),
  restateCommand(),
  auditCommand(),
  forgetCommand(),
  backtestCommand(),
  statusCommand(),
  validateCommand(),
  verifyCommand(),
  withdrawCommand(),
  quarantineCommand(),
  releaseCommand(),
  upCommand(),
  serveCommand(),
  workerCommand(),
  schedulerCommand(),
  backfillCommand(),
  jobsCommand(),
  tidyCommand(),
  tokenCommand(),
  ocdsCommand(),
];
for (const verb of verbs) program.addCommand(verb);
for (const command of [program, ...program.commands].flatMap((one) => [one, ...one.commands])) {
  command.exitOverride();
}

// A reader such as head may have seen enough: that is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
}
