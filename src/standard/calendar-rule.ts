import { addDays, format, getISODay, isValid, parseISO } from "date-fns";
import { z } from "zod";
import { DefinitionError, type Fault, readYaml } from "./yaml-document.ts";

export interface CalendarDay {
  /** ISO date. */
  readonly day: string;
  /** "true" or "false". */
  readonly is_working: string;
  readonly note: string;
}

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, "a day, as 2018-01-01")
  .refine((text) => isValid(parseISO(text)), "there is no such day");
/** A day, or a day with what it is. */
const named = z.union([
  day.transform((text) => ({ day: text, note: "" })),
  z.strictObject({ day, note: z.string() }),
]);

const schema = z.strictObject({
  /** First and last day that the calendar speaks of; outside them it knows nothing. */
  from: day,
  to: day,
  /** Days of the week that are worked. */
  weekdays: z.array(z.enum(WEEKDAYS)).min(1),
  /** Days of those that are not worked. */
  holidays: z.array(named).default([]),
  /** Other days that are worked. */
  working: z.array(named).default([]),
  /** Where the days come from. */
  source: z.union([z.string(), z.strictObject({ zh: z.string(), en: z.string() })]).optional(),
});

type Rule = z.infer<typeof schema>;

/** No calendar needs more; a mistyped year must not make one of thousands. */
const MOST_YEARS = 200;

/**
 * Reads a calendar written as the weekdays that are worked and the days that differ from them.
 * @returns every day from `from` to `to`, in order
 * @throws DefinitionError with the line of every fault: days outside, twice or in both lists. A holiday on a Sunday is none:
 *   published lists have them
 */
export function readCalendarRule(file: string): CalendarDay[] {
  const { value, fault } = readYaml(file, schema);
  const faults = spanFaults(value, fault);
  if (faults.length === 0) {
    faults.push(...dayFaults(value, "holidays", fault), ...dayFaults(value, "working", fault));
  }
  if (faults.length > 0) throw new DefinitionError(faults);
  const holidays = new Map(value.holidays.map((one) => [one.day, one.note]));
  const working = new Map(value.working.map((one) => [one.day, one.note]));
  const days: CalendarDay[] = [];
  for (let date = parseISO(value.from); ; date = addDays(date, 1)) {
    const text = format(date, "yyyy-MM-dd");
    if (text > value.to) return days;
    const isWorking = working.has(text) || (isWorkedWeekday(value, text) && !holidays.has(text));
    const note = working.get(text) ?? holidays.get(text) ?? "";
    days.push({ day: text, is_working: String(isWorking), note });
  }
}

type At = (path: readonly PropertyKey[], message: string) => Fault;

function spanFaults({ from, to }: Rule, at: At): Fault[] {
  if (to < from) return [at(["to"], `${to} 早于起始日 ${from}。${to} is before from, ${from}`)];
  if (Number(to.slice(0, 4)) - Number(from.slice(0, 4)) < MOST_YEARS) return [];
  return [at(["to"], `最多 ${MOST_YEARS} 年。A calendar has at most ${MOST_YEARS} years`)];
}

function dayFaults({ from, to, ...rule }: Rule, list: "holidays" | "working", at: At): Fault[] {
  const seen = new Set<string>();
  const others = new Set(rule[list === "holidays" ? "working" : "holidays"].map((one) => one.day));
  return rule[list].flatMap(({ day: text }, index) => {
    const twice = seen.has(text);
    seen.add(text);
    if (text < from || text > to) {
      return [
        at([list, index], `${text} 不在 ${from} 至 ${to} 之内。It lies outside ${from} to ${to}`),
      ];
    }
    if (twice) return [at([list, index], `${text} 出现了两次。It stands here twice`)];
    if (!others.has(text) || list === "working") return [];
    return [
      at(
        [list, index],
        `${text} 又列在 working 中。It stands under working too; it can be only one`,
      ),
    ];
  });
}

function isWorkedWeekday({ weekdays }: Rule, text: string): boolean {
  return weekdays.includes(WEEKDAYS[getISODay(parseISO(text)) - 1] as Rule["weekdays"][number]);
}
