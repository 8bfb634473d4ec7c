/** A day of the working-day calendar. */
export interface CountedDay {
  /** ISO date. */
  readonly day: string;
  readonly isWorking: boolean;
}

/** The working days of a jurisdiction, ready to be counted. */
export interface WorkingDays {
  /**
   * The day on which a limit of so many working days that starts after a day runs out.
   * @throws Error in a sentence outside the calendar's years: working days are counted, never guessed
   */
  after(day: string, count: number): string;
}

/** @param days every day of the calendar, in order */
export function countWorkingDays(days: readonly CountedDay[]): WorkingDays {
  const working = days.filter(({ isWorking }) => isWorking).map(({ day }) => day);
  const [first, last] = [days[0]?.day, days.at(-1)?.day];
  return {
    after(day, count) {
      const until = working.filter((one) => one <= day).length;
      const found = working[until + count - 1];
      if (first === undefined || day < first || day > (last as string) || found === undefined) {
        throw new Error(
          `The working-day calendar (${first ?? "empty"} to ${last ?? "empty"}) does not cover a limit of ${count} working days after ${day}. Add the State Council notice of that year to metrics/calendar.`,
        );
      }
      return found;
    },
  };
}
