import type { City } from "./city.ts";
import { type Day, dayOf, partsOf } from "./days.ts";
import { progress } from "./quality.ts";
import { STORIES } from "./stories.ts";

/** A district's debt at the end of a month; money in 10,000 yuan. Flows are the month's own. */
export interface DebtMonth {
  readonly code: string;
  readonly asAt: Day;
  readonly general: number;
  readonly special: number;
  readonly generalLimit: number;
  readonly specialLimit: number;
  readonly overdue: number;
  readonly principalDue: number;
  readonly principalPaid: number;
  readonly interestDue: number;
  readonly interestPaid: number;
}

/** A district's finances of a year; money in 10,000 yuan. */
export interface FiscalYear {
  readonly code: string;
  readonly year: number;
  readonly resources: number;
  readonly revenue: number;
  readonly spending: number;
  readonly fundSpending: number;
  readonly fundRevenue: number;
  /** Part of the fund revenue. */
  readonly land: number;
  readonly guarantees: number;
  readonly tax: number;
  readonly transfers: number;
  readonly gdp: number;
  readonly generalInterest: number;
  readonly specialInterest: number;
}

export interface DebtModel {
  month(code: string, asAt: Day): DebtMonth;
  year(code: string, year: number): FiscalYear;
}

const RATE = 0.038;

/** Debt and finances that follow from population, a district's prudence and the planted stories. */
export function makeDebtModel(city: City): DebtModel {
  const traits = new Map(
    city.register.districts.map(({ code, population }) => {
      const random = city.random(`debt/${code}`);
      const people = (population ?? 0) / 10_000;
      return [
        code,
        {
          wealth: people * (1500 + 900 * random.next()),
          tilt: random.normal(),
          limitGap: 0.03 + 0.1 * random.next(),
          selfShare: 0.5 + 0.4 * random.next(),
        },
      ];
    }),
  );
  const of = (code: string) => traits.get(code) as NonNullable<ReturnType<typeof traits.get>>;
  const grown = (code: string, year: number) => of(code).wealth * 1.06 ** (year - 2016);
  const worse = (code: string, day: Day) =>
    code === STORIES.worsening.code ? progress(day, STORIES.worsening) : 0;

  return {
    month(code, asAt) {
      const { year, month } = partsOf(asAt);
      const trait = of(code);
      const years = year - 2016 + month / 12;
      const level = city.quality(code, "debt", dayOf("2017-12-31"));
      const story = worse(code, asAt);
      // Debt in per cent of resources: from about 70 to 200, growing slowly; the worsening one doubles.
      const ratio =
        (1.18 - 0.28 * level + 0.1 * trait.tilt) * (0.94 + 0.04 * years) * (1 + 1.6 * story);
      const total = Math.max(0.45, ratio) * grown(code, year - 1);
      const limit =
        total * (1 + Math.max(0.02, trait.limitGap + 0.03 * level) * (1 - 0.85 * story));
      const shaky = Math.max(0, 0.4 - level);
      const overdue = total * (0.008 * shaky + 0.1 * story);
      const principalDue = (total * 0.09) / 12;
      const interestDue = (total * RATE) / 12;
      const unpaid = 0.02 * shaky + 0.16 * story;
      const round = (value: number) => Math.round(value * 100) / 100;
      const general = round(total * 0.58);
      return {
        code,
        asAt,
        general,
        special: round(total) - general,
        generalLimit: round(limit * 0.58),
        specialLimit: round(limit * 0.42),
        overdue: round(overdue),
        principalDue: round(principalDue),
        principalPaid: round(principalDue * (1 - unpaid)),
        interestDue: round(interestDue),
        interestPaid: round(interestDue * (1 - unpaid / 2)),
      };
    },
    year(code, year) {
      const trait = of(code);
      const resources = grown(code, year);
      const spending = resources * 0.62;
      // The less a district earns itself, the more it lives on land.
      const fundRevenue = resources * (0.42 - 0.12 * trait.selfShare);
      const { general, special } = this.month(code, dayOf(`${Math.max(2016, year)}-12-31`));
      return {
        code,
        year,
        resources,
        revenue: spending * trait.selfShare,
        spending,
        fundSpending: resources * 0.35,
        fundRevenue,
        land: fundRevenue * 0.85,
        guarantees: resources * (0.09 - 0.06 * trait.selfShare),
        tax: spending * trait.selfShare * 0.78,
        transfers: spending * (1 - trait.selfShare),
        gdp: resources * 5.5,
        generalInterest: general * RATE,
        specialInterest: special * RATE,
      };
    },
  };
}
