import { validateWorkspace } from "../standard/validate-workspace.ts";
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
        printResult(
          options.json,
          { workspace: config.workspace, counts, faults },
          [
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
