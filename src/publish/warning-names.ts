import type { WarningDefinition } from "../standard/warning-definition.ts";
import type { Bilingual } from "./report.ts";
import { TEXTS, type TextKey } from "./texts.ts";
import type { StandingWarning } from "./warning-report.ts";

const LEVELS: Record<string, TextKey> = {
  green: "levelGreen",
  yellow: "levelYellow",
  orange: "levelOrange",
  red: "levelRed",
  no_data: "levelNoData",
};

/** The text that names a level of risk. */
export function levelKey(level: string): TextKey {
  return LEVELS[level] ?? "levelNoData";
}

/** A level of risk in both languages. */
export function nameWarningLevel(level: string): Bilingual {
  return TEXTS[levelKey(level)];
}

/** What a standing warning is about: the title of its rule or outlook, and the part it concerns. */
export function titleWarning(
  { rules, outlooks }: WarningDefinition,
  { rule_id, part }: Pick<StandingWarning, "rule_id" | "part">,
): Bilingual {
  const title = [...rules, ...outlooks].find(({ id }) => id === rule_id)?.title ?? {
    zh: rule_id,
    en: rule_id,
  };
  return part ? { zh: `${title.zh}（${part}）`, en: `${title.en} (${part})` } : title;
}
