import { appendAudit } from "../audit/append.ts";
import { restateMonths } from "../restate.ts";
import { act, asOfOption, makeCommand } from "./command.ts";
import { type DeskOptions, openRecordDesk, requestOf } from "./record-desk.ts";
import { printResult } from "./terminal.ts";

/** `zhengxin restate`: published periods after objections were decided. */
export function restateCommand() {
  return makeCommand(
    "restate",
    "Publish anew the periods that decisions on objections have changed, and write correction notices.",
    ["restate qingdao", 'restate qingdao --as-of "2019-02-01 08:00:00"'],
  )
    .argument("[pipeline]", "name of a file in pipelines/")
    .addOption(asOfOption())
    .action(
      act(async (pipeline: string | undefined, options: DeskOptions) => {
        const desk = openRecordDesk({
          ...options,
          ...(pipeline && { pipeline }),
          ...(options.asOf && { at: options.asOf }),
        });
        const notices = await restateMonths(desk.config, requestOf(desk));
        for (const { head, decision, periods } of notices) {
          await appendAudit(desk.config, {
            jurisdiction: desk.pipeline.jurisdiction,
            action: "record.restate",
            target: decision.record,
            detail: { notice: head.number, periods: periods.map(({ period }) => period).join(" ") },
          });
        }
        const lines = notices.flatMap(({ head, folder, decision, periods }) => [
          `${head.number}  ${decision.record}  ${decision.event}  ${decision.name_zh ?? decision.entity_id}`,
          ...periods.map(
            ({ period, before, after, changes }) =>
              `    ${period}  ${before.as_of} (${before.run}) → ${after.as_of} (${after.run})  ${changes.length} 个单位变动 bodies changed`,
          ),
          `    ${folder}`,
        ]);
        printResult(
          options.json,
          notices,
          lines.join("\n") || "没有需要重述的期间。No published period has to be restated.",
        );
        return undefined;
      }),
    );
}
