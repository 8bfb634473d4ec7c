import { type Day, monthIndex } from "./days.ts";
import { createRandom, spreadNormals } from "./random.ts";
import type { Register } from "./register.ts";
import { STORIES } from "./stories.ts";

export type Topic =
  | "procedure"
  | "publicity"
  | "inspection"
  | "records"
  | "commitments"
  | "training"
  | "proposals"
  | "complaints"
  | "procurement"
  | "ppp"
  | "tenders"
  | "investment"
  | "debt"
  | "services"
  | "tasks"
  | "ratings";

/** What goes wrong where money is short: payments to suppliers and partners, promises to investors. */
const WORSENING: readonly Topic[] = ["procurement", "ppp", "investment", "commitments"];

/** How well a body does its work on a day: about standard normal, higher is better. Invented, like all that follows from it. */
export type Quality = (code: string, topic: Topic, day: Day) => number;

/** Probability from quality: `logit` is that of a middling body, `slope` what a standard deviation adds. */
export function share(quality: number, logit: number, slope: number): number {
  return 1 / (1 + Math.exp(-(logit + slope * quality)));
}

/** Every body has a level of its own, a bent for some topics, and slow ups and downs; subdistricts take after their district. */
export function makeQuality(seed: number, register: Register): Quality {
  const base = new Map<string, number>();
  const random = createRandom(seed, "quality");
  const assign = (codes: readonly string[], spread: number) => {
    const values = spreadNormals(random, codes.length);
    for (const [place, code] of codes.entries()) base.set(code, spread * (values[place] as number));
  };
  const codes = (bodies: readonly { code: string }[]) => bodies.map(({ code }) => code);
  assign(codes(register.districts), 0.7);
  assign(codes(register.departments), 0.75);
  assign(codes(register.townships), 0.6);
  for (const zone of register.zones) base.set(zone.code, 0);
  for (const [code, value] of startingLevels(register)) base.set(code, value);
  for (const { code, parent } of register.townships) {
    if (code !== STORIES.leading.code) {
      base.set(code, (base.get(code) as number) + 0.5 * (base.get(parent ?? "") ?? 0));
    }
  }
  const bents = new Map<string, { offset: number; phase: number; length: number }>();
  const bent = (code: string, topic: Topic) => {
    const label = `${code}/${topic}`;
    let found = bents.get(label);
    if (!found) {
      const own = createRandom(seed, `bent/${label}`);
      const offset = code === STORIES.leading.code ? 0 : 0.4 * own.normal();
      found = { offset, phase: own.next(), length: own.int(15, 30) };
      bents.set(label, found);
    }
    return found;
  };
  const improving = register.department(STORIES.improving.department).code;
  return (code, topic, day) => {
    const month = monthIndex(day);
    const { offset, phase, length } = bent(code, topic);
    const wave = 0.2 * Math.sin(2 * Math.PI * (month / length + phase));
    const level = (base.get(code) ?? 0) + offset + wave + 0.1 * (month / 12 - 1.5);
    if (code === improving) return level + 2.6 * progress(day, STORIES.improving);
    if (code === STORIES.worsening.code) {
      return level - (WORSENING.includes(topic) ? 4.5 : 0.7) * progress(day, STORIES.worsening);
    }
    return level;
  };
}

/** Levels the stories need to start from. */
function startingLevels(register: Register): [string, number][] {
  return [
    [STORIES.worsening.code, 1.2],
    [STORIES.veto.code, 1.1],
    [STORIES.leading.code, 2.6],
    [register.department(STORIES.improving.department).code, -1.4],
    [register.department(STORIES.objection.department).code, 0.6],
    [register.department(STORIES.lagging.department).code, -2],
  ];
}

/** 0 before a span, 1 after it, linear inside. */
export function progress(day: Day, span: { readonly from: Day; readonly to: Day }): number {
  return Math.min(1, Math.max(0, (day - span.from) / (span.to - span.from)));
}
