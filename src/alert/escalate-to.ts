import type { WarningDefinition } from "../standard/warning-definition.ts";

/** To whom alerts of a warnings file are escalated when nobody acts on them in time. */
export function escalateTo(
  definitions: readonly WarningDefinition[],
): (warningsId: string) => string {
  return (warningsId) =>
    (definitions.find(({ id }) => id === warningsId) ?? definitions[0])?.escalate_to ?? "zhengxin";
}
