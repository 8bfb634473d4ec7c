import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config.ts";
import type { HeldForms } from "../conform/foresee-forms.ts";
import { jurisdictionFolder, WORKING_DATABASE } from "../run-context.ts";
import type { Bilingual } from "../standard/bilingual.ts";
import { readStandard } from "../standard/evaluation-standard.ts";
import { findLone } from "../standard/lone-indicator.ts";
import { listIndicators } from "../standard/standard-indicators.ts";
import { readUnsent } from "../standard/unsent-alerts.ts";
import { validateWorkspace } from "../standard/validate-workspace.ts";
import { findPipeline, findSources, listPipelines, readIndicators } from "../standard/workspace.ts";
import { OpeningError } from "../store/opening-error.ts";
import { Store } from "../store/store.ts";
import { act, type CommonOptions, configFor, makeCommand } from "./command.ts";
import { EXIT, printResult } from "./terminal.ts";

/** `zhengxin validate`: every fault of every definition, with its line. */
export function validateCommand() {
  return makeCommand(
    "validate",
    "Read every source, pipeline, standard, indicator and check, and name each fault with its line.",
    ["validate", "validate --json"],
  ).action(
    act(async (options: CommonOptions) => {
      const { examineCheck } = await import("../check/examine.ts");
      const { examineSource } = await import("../conform/examine.ts");
      const config = configFor(options);
      const store = await Store.open(":memory:", config);
      try {
        const { counts, faults } = await validateWorkspace(config.workspace, store, {
          source: (file) => examineSource(store, file),
          check: (file) => examineCheck(store, file),
        });
        // Faulty definitions cannot say how they would read anything.
        const held = faults.length === 0 ? await readHeld(config) : [];
        const unsent = faults.length === 0 ? listUnsent(config) : [];
        const lone = faults.length === 0 ? readLone(config) : [];
        printResult(
          options.json,
          { workspace: config.workspace, counts, faults, held, unsent, lone },
          [
            ...[...unsent, ...lone].flatMap(({ zh, en }) => [zh, en]),
            ...held.flatMap(describeHeld),
            ...faults.map(
              ({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`,
            ),
            `${Object.entries(counts)
              .map(([name, count]) => `${count} ${name}`)
              .join(", ")}: ${faults.length === 0 ? "no faults" : `${faults.length} fault(s)`}`,
          ].join("\n"),
        );
        return faults.length === 0 ? EXIT.done : EXIT.invalidDefinitions;
      } finally {
        store.close();
      }
    }),
  );
}

/** Alerts that a channel does not carry because it does not say who reads it, which may not be meant. */
function listUnsent({ workspace, alertChannels }: Config): Bilingual[] {
  const ids = listPipelines(workspace).flatMap(
    (name) => findPipeline(workspace, name).warnings ?? [],
  );
  return readUnsent(workspace, alertChannels, ids);
}

/** Indicators whose points follow from what is published, though they are not public. */
function readLone({ workspace }: Config): Bilingual[] {
  const indicators = readIndicators(workspace);
  const named = listPipelines(workspace).map((name) => findPipeline(workspace, name).standard);
  return [...new Set(named)].flatMap((id) => {
    const standard = readStandard(workspace, id, indicators);
    return findLone(standard, listIndicators(standard, indicators));
  });
}

/** What a definition makes of the files held already, by pipeline; or why that could not be looked at. */
type Held =
  | (HeldForms & { readonly pipeline: string })
  | { readonly pipeline: string; readonly unread: string };

async function readHeld(config: Config): Promise<Held[]> {
  const { foreseeForms } = await import("../conform/foresee-forms.ts");
  const held: Held[] = [];
  for (const name of listPipelines(config.workspace)) {
    const pipeline = findPipeline(config.workspace, name);
    const database = join(jurisdictionFolder(config, pipeline), WORKING_DATABASE);
    if (!existsSync(database)) continue;
    try {
      const store = await Store.open(database, config);
      try {
        const sources = findSources(config.workspace, pipeline);
        const forms = await foreseeForms({ store, pipeline, sources });
        held.push(...forms.map((form) => ({ pipeline: name, ...form })));
      } finally {
        store.close();
      }
    } catch (error) {
      if (!(error instanceof OpeningError)) throw error;
      held.push({ pipeline: name, unread: error.message });
    }
  }
  return held;
}

/** Sources whose files do not all fit their definition; of the others there is nothing to say. */
function describeHeld(held: Held): string[] {
  if ("unread" in held) return [`${held.pipeline}: ${held.unread}`];
  const { source, files, asToday, asBefore, unfit } = held;
  if (asToday === files) return [];
  return [
    `${source}：已收到的 ${files} 个文件中，${asToday} 个按现在的定义读取，${asBefore} 个不合而按其当时的定义读取，${unfit} 个将被拒收。`,
    `${source}: of ${files} files held, ${asToday} are read by this definition, ${asBefore} do not fit it and are read as described before, and ${unfit} will be refused.`,
  ];
}
