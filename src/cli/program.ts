import { Command, Help } from "commander";
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
import { inBothLanguages } from "./help-texts.ts";
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
import { tidyCommand } from "./tidy.ts";
import { tokenCommand } from "./token.ts";
import { validateCommand } from "./validate.ts";
import { verifyCommand } from "./verify.ts";
import { withdrawCommand } from "./withdraw.ts";

/** The command line: every verb, its help in both languages. */
export function makeProgram(): Command {
  const program = new Command("zhengxin")
    .description(
      "政信：让政府说到做到。Monthly integrity rankings of districts, departments and subdistricts.",
    )
    .version(CODE_VERSION)
    .enablePositionalOptions()
    .showHelpAfterError("加 --help 查看用法。 Add --help to see how the command is used.")
    .addHelpText(
      "after",
      `
示例 Examples:
  $ zhengxin run qingdao --period 2018-06      从数据源到报告的全过程 the whole line, from sources to report
  $ zhengxin rank qingdao --period 2018-06     已发布的排名 the ranking it published
  $ zhengxin explain 370215 --period 2018-06   一个区市名次的原因 why a district stands where it stands

退出码：0 完成；1 未能完成；2 用法有误；3 定义文件有误；4 核验发现不一致。
Exit codes: 0 done; 1 could not be done; 2 wrong usage; 3 a definition file is faulty; 4 verify found a difference.`,
    );
  for (const verb of listVerbs()) program.addCommand(verb);
  prepare(program);
  return program;
}

/** Faults end the program with our own codes, and the help of a command and of all below it is told in both languages. */
function prepare(command: Command): void {
  command.exitOverride();
  command.helpCommand("help [command]", inBothLanguages("display help for command"));
  command.description(inBothLanguages(command.description()));
  command.configureHelp({
    styleTitle: (title) => TITLES[title] ?? title,
    optionDescription: (option) => {
      const told = inBothLanguages(option.description);
      const plain = Object.assign(Object.create(Object.getPrototypeOf(option)), option);
      plain.description = told;
      return Help.prototype.optionDescription(plain);
    },
    argumentDescription: ({ description }) => inBothLanguages(description),
  });
  for (const one of command.commands) prepare(one);
}

const TITLES: Readonly<Record<string, string>> = {
  "Usage:": "用法 Usage:",
  "Arguments:": "参数 Arguments:",
  "Options:": "选项 Options:",
  "Commands:": "命令 Commands:",
};

function listVerbs(): Command[] {
  return [
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
}
