import { cpSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { namedIndicatorIds, readStandard } from "../standard/evaluation-standard.ts";
import { fileIdOf } from "../standard/indicator-family.ts";
import { readIndicators } from "../standard/workspace.ts";
import { act, type CommonOptions, makeCommand } from "./command.ts";
import { printResult } from "./terminal.ts";

const PROGRAM_FOLDER = resolve(import.meta.dirname, "..", "..");
const STARTER = join(PROGRAM_FOLDER, "data-samples", "starter");

/** `zhengxin init`: a workspace to start from. */
export function initCommand() {
  return makeCommand("init", "Make a workspace for a city of your own, with samples that run.", [
    "init ../my-city",
  ])
    .argument("<folder>", "a folder that does not exist yet, or is empty")
    .action(
      act(async (folder: string, options: CommonOptions) => {
        const workspace = makeWorkspace(resolve(folder));
        printResult(
          options.json,
          { workspace },
          [
            `工作区已建立 Workspace made: ${workspace}`,
            "下一步 Next:",
            `  ZHENGXIN_WORKSPACE="${workspace}" npm start`,
            "  然后读其中的 README.md；then read its README.md",
          ].join("\n"),
        );
        return undefined;
      }),
    );
}

/**
 * Copies the starter, and from the program's own metrics what its standard uses.
 * @throws Error in a sentence when the folder holds something already
 */
export function makeWorkspace(workspace: string): string {
  if (existsSync(workspace) && readdirSync(workspace).length > 0) {
    throw new Error(`The folder ${workspace} is not empty; name a new one.`);
  }
  mkdirSync(workspace, { recursive: true });
  cpSync(STARTER, workspace, { recursive: true });
  const known = readIndicators(PROGRAM_FOLDER);
  const standard = readStandard(STARTER, "my-city", known);
  const shared = [
    ...namedIndicatorIds(standard).map((id) => `metrics/indicators/${fileIdOf(known, id)}.sql`),
    "pipelines/codes",
    "metrics/calendar",
    "metrics/checks",
    "metrics/laws.yaml",
  ];
  for (const path of shared) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    cpSync(join(PROGRAM_FOLDER, path), join(workspace, path), { recursive: true });
  }
  return workspace;
}
