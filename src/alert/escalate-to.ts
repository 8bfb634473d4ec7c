import { type Audience, audienceOfWarnings } from "../standard/audience.ts";
import type { WarningDefinition } from "../standard/warning-definition.ts";

/** To whom alerts of a warnings file are escalated when nobody acts on them in time. */
export function escalateTo(
  definitions: readonly WarningDefinition[],
): (warningsId: string) => string {
  return (warningsId) =>
    (definitions.find(({ id }) => id === warningsId) ?? definitions[0])?.escalate_to ?? "zhengxin";
}

/** For whom the alerts of a warnings file are; those of a file that is gone are for the offices, and a trial is for everybody. */
export function audienceOfAlerts(
  definitions: readonly WarningDefinition[],
): (warningsId: string) => Audience {
  return (warningsId) => {
    const definition = definitions.find(({ id }) => id === warningsId);
    if (definition) return audienceOfWarnings(definition);
    return warningsId === "test" ? "public" : "internal";
  };
}
