import { forgetExpiredPersons } from "../conform/persons.ts";
import { describeForgotten, forgetExpired } from "../forget.ts";
import { openContext } from "../run-context.ts";
import { keepSafe } from "../safekeeping.ts";
import { act, asOfOption, type CommonOptions, makeCommand, withRequest } from "./command.ts";
import { printResult } from "./terminal.ts";

/** `zhengxin forget`: what every run does after conform, by itself. */
export function forgetCommand() {
  return makeCommand(
    "forget",
    "Delete personal data whose retention is over from the database, raw and fetched files.",
    ["forget", "forget qingdao --as-of 2019-01-10"],
  )
    .argument("[pipeline]", "name of a file in pipelines/")
    .addOption(asOfOption())
    .action(
      act((named: string | undefined, options: CommonOptions) =>
        withRequest(named, options, async (config, request) => {
          const context = await openContext(config, request);
          try {
            const forgotten = await forgetExpired(context, await forgetExpiredPersons(context));
            await keepSafe(context.store);
            const notes = describeForgotten(forgotten).flatMap(({ zh, en }) => [zh, en]);
            printResult(
              options.json,
              { forgotten },
              notes.length > 0 ? notes.join("\n") : "没有到期的个人信息。Nothing is due.",
            );
          } finally {
            context.store.close();
          }
          return undefined;
        }),
      ),
    );
}
