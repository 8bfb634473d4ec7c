import type { City } from "./city.ts";
import { type Day, FIRST_DAY, LAST_DAY, partsOf } from "./days.ts";
import { share } from "./quality.ts";
import { createRandom } from "./random.ts";

/** Who is complained to how much, on which days, and how well they answer; for every channel alike. */
export interface ComplaintPlan {
  readonly handlers: readonly Handler[];
  /** Relative volume of each day from FIRST_DAY to LAST_DAY. */
  readonly days: readonly { readonly day: Day; readonly weight: number }[];
}

export interface Handler {
  readonly code: string;
  readonly name: string;
  /** Complaints a year. */
  readonly weight: number;
}

export interface Chances {
  /** Signed for within one working day. */
  readonly signed: number;
  /** Closed within the limit. */
  readonly closed: number;
  readonly resolved: number;
  readonly satisfied: number;
  readonly returned: number;
  readonly repeated: number;
  /** Share of the limit that a closing in time takes, at most. */
  readonly pace: number;
}

export interface Category {
  readonly code: string;
  readonly name: string;
  /** Working days. */
  readonly limit: number;
  readonly weight: number;
}

export const CATEGORIES: readonly Category[] = [
  { code: "01", name: "市容环卫", limit: 5, weight: 14 },
  { code: "02", name: "物业管理", limit: 5, weight: 15 },
  { code: "03", name: "交通出行", limit: 5, weight: 13 },
  { code: "04", name: "噪声扰民", limit: 3, weight: 9 },
  { code: "05", name: "违法建设", limit: 10, weight: 8 },
  { code: "06", name: "供水供热", limit: 3, weight: 9 },
  { code: "07", name: "劳动保障", limit: 7, weight: 8 },
  { code: "08", name: "消费维权", limit: 7, weight: 8 },
  { code: "09", name: "教育医疗", limit: 7, weight: 7 },
  { code: "10", name: "环境污染", limit: 5, weight: 6 },
  { code: "11", name: "政策咨询", limit: 3, weight: 3 },
];

export function planComplaints({ seed, register, calendar }: City): ComplaintPlan {
  const random = createRandom(seed, "complaint-plan");
  const handlers: Handler[] = [];
  const add = (code: string, name: string, weight: number) => handlers.push({ code, name, weight });
  for (const { code, nameZh } of register.districts) add(code, nameZh, random.int(700, 1200));
  for (const { code, nameZh, department } of register.departments) {
    add(code, nameZh, (department?.complaints ?? 0) * 0.95);
  }
  for (const { code, nameZh, population } of register.townships) {
    const perHead = 0.0032 * Math.exp(0.3 * random.normal());
    add(code, nameZh, 60 + (population ?? 0) * perHead);
  }
  for (const { code, nameZh } of register.zones) add(code, nameZh, 25);
  const days = [];
  for (let day = FIRST_DAY; day <= LAST_DAY; day++) {
    const { year, month } = partsOf(day);
    // Heating in winter, noise and rubbish in summer, a growing hotline; half as many calls on days off.
    const season = 1 + 0.14 * Math.cos((2 * Math.PI * (month - 1)) / 6) + 0.05 * (year - 2017);
    days.push({ day, weight: season * (calendar.isWorking(day) ? 1.18 : 0.6) });
  }
  return { handlers, days };
}

export function chancesOf(quality: number): Chances {
  return {
    signed: share(quality, 3.7, 0.6),
    closed: share(quality, 2.75, 0.62),
    resolved: share(quality, 2.2, 0.55),
    satisfied: share(quality, 2.15, 0.55),
    returned: share(quality, -3.45, -0.5),
    repeated: share(quality, -3.4, -0.5),
    pace: Math.min(1, Math.max(0.45, 0.85 - 0.12 * quality)),
  };
}
