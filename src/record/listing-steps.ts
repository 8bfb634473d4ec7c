import { addDays, format, parseISO } from "date-fns";
import type { Bilingual } from "../standard/bilingual.ts";
import { lastWorkingDay } from "../standard/pipeline-rules.ts";
import type { RecordRules } from "../standard/record-rules.ts";
import { ruleOn } from "./periods.ts";
import type { EventName } from "./transitions.ts";

/** When a body was told, heard and given the decision; ISO days. */
interface ListingSteps {
  readonly notified_on: string | null;
  readonly heard_on: string | null;
  readonly delivered_on: string | null;
}

/** A body is told, heard or left the time for it, listed by a decision and given it, in this order and once each. */
export function findListingRefusal(
  { notified_on: told, heard_on: heard, delivered_on: delivered }: ListingSteps,
  { event, note }: { readonly event: EventName; readonly note: string | null },
  day: string,
  rules: RecordRules,
): Bilingual | undefined {
  switch (event) {
    case "notify":
      return told === null ? undefined : sayDone("告知", "told", told);
    case "hear":
      if (told === null) return { zh: "尚未告知该主体。", en: "the body was not told beforehand." };
      return day < told ? sayEarly("告知", "was told", told) : undefined;
    case "confirm": {
      if (told === null) return NOT_TOLD;
      if (heard !== null) return day < heard ? sayEarly("陈述申辩", "was heard", heard) : undefined;
      if (!note) return NOT_HEARD;
      const days = ruleOn(rules.listings, told)?.statement_working_days ?? 0;
      if (days === 0) return undefined;
      // Beyond the calendar so many working days are at least as many days: before them the time cannot be over.
      const last =
        lastWorkingDay(rules, told, days) ?? format(addDays(parseISO(told), days), "yyyy-MM-dd");
      return day <= last ? sayTooSoon(told, days, last) : undefined;
    }
    case "publish":
      return delivered === null ? NOT_DELIVERED : undefined;
    case "deliver":
      return delivered === null ? undefined : sayDone("送达", "given the decision", delivered);
    default:
      return undefined;
  }
}

const NOT_TOLD: Bilingual = {
  zh: "列入名单前须书面告知该主体，尚无告知。请先办理告知。",
  en: "a body is told in writing before it is listed, and it was not. Tell it first.",
};
const NOT_HEARD: Bilingual = {
  zh: "该主体尚未陈述申辩；期满未提出的，请在说明中写明。",
  en: "the body has not stated its case; if it let the time pass, say so in a note.",
};
const NOT_DELIVERED: Bilingual = {
  zh: "列入决定尚未送达该主体。请先办理送达。",
  en: "the decision was not delivered to the body. Deliver it first.",
};

function sayDone(zh: string, en: string, on: string): Bilingual {
  return {
    zh: `已于${on}${zh}，期限自该日起算，不重复办理。`,
    en: `the body was ${en} on ${on}, from which the time runs; it is not done twice.`,
  };
}

function sayEarly(zh: string, en: string, on: string): Bilingual {
  return {
    zh: `该主体的${zh}在${on}，不能早于该日。请核对日期。`,
    en: `the body ${en} on ${on}, and this cannot be earlier. Check the day.`,
  };
}

function sayTooSoon(told: string, days: number, last: string): Bilingual {
  return {
    zh: `陈述申辩期（自${told}告知起${days}个工作日，至${last}）尚未届满，该主体也未陈述申辩。`,
    en: `the time for the body to state its case (${days} working days from ${told}, up to ${last}) is not over, and it has not stated it.`,
  };
}
