import type { City } from "./city.ts";
import {
  CATEGORIES,
  type Category,
  type Chances,
  chancesOf,
  type Handler,
  planComplaints,
} from "./complaint-plan.ts";
import { type Day, partsOf, writeDay } from "./days.ts";
import { deliveryAfter, LAST_DELIVERY, type Version } from "./deliveries.ts";
import { type Random, weighted } from "./random.ts";

/** A complaint as one channel records it; times in minutes since 1970-01-01. */
export interface Complaint {
  readonly number: string;
  readonly handler: Handler;
  readonly category: Category;
  readonly received: number;
  readonly forwarded: number;
  readonly signed: number | null;
  /** Last day for closing. */
  readonly due: Day;
  readonly closed: number | null;
  readonly resolved: boolean | null;
  /** 5 best to 1 worst; null: not rated. */
  readonly rating: number | null;
  readonly returned: boolean;
  readonly repeatOf: string | null;
  /** Number of the invented caller; null: anonymous. */
  readonly caller: number | null;
}

/** Hour of the day in proportion to calls. */
const HOURS = [1, 1, 1, 1, 1, 2, 5, 14, 38, 44, 40, 26, 18, 24, 38, 40, 36, 26, 16, 12, 9, 6, 4, 2];

/** All complaints of a channel with the versions in which they were delivered, in order of receipt. */
export function* streamComplaints(
  city: City,
  { channel, prefix, perYear }: { channel: string; prefix: string; perYear: number },
): Generator<Version<Complaint>[]> {
  const plan = planComplaints(city);
  const random = city.random(channel);
  const pickHandler = weighted(plan.handlers.map(({ weight }) => weight));
  const pickCategory = weighted(CATEGORIES.map(({ weight }) => weight));
  const pickHour = weighted(HOURS);
  const total = plan.days.reduce((sum, { weight }) => sum + weight, 0);
  const earlier = new Map<string, string>();
  const chances = new Map<string, Chances>();
  for (const { day, weight } of plan.days) {
    const count = random.poisson((perYear * 3 * weight) / total);
    const times = Array.from({ length: count }, () => pickHour(random) * 60 + random.int(0, 59));
    times.sort((a, b) => a - b);
    for (const [place, time] of times.entries()) {
      const handler = plan.handlers[pickHandler(random)] as Handler;
      const month = partsOf(day).iso.slice(0, 7);
      const label = `${handler.code}/${month}`;
      let chance = chances.get(label);
      if (!chance) {
        chance = chancesOf(city.quality(handler.code, "complaints", day));
        chances.set(label, chance);
      }
      const number = `${prefix}${writeDay(day, "compact")}${String(place + 1).padStart(4, "0")}`;
      const complaint = makeComplaint(city, random, chance, {
        number,
        handler,
        category: CATEGORIES[pickCategory(random)] as Category,
        received: day * 1440 + time,
        previous: earlier.get(handler.code),
      });
      earlier.set(handler.code, number);
      yield deliverComplaint(random, complaint);
    }
  }
}

function makeComplaint(
  { calendar }: City,
  random: Random,
  chance: Chances,
  {
    number,
    handler,
    category,
    received,
    previous,
  }: Pick<Complaint, "number" | "handler" | "category" | "received"> & {
    previous: string | undefined;
  },
): Complaint {
  const day = Math.floor(received / 1440);
  const forwarded = received + 5 * random.int(1, 18);
  const due = calendar.add(day, category.limit);
  let signed: number | null = forwarded + 10 * random.int(1, 24);
  if (!random.chance(chance.signed)) {
    signed =
      calendar.add(Math.floor(forwarded / 1440), random.int(2, 4)) * 1440 +
      10 * random.int(54, 102);
  }
  let days = Math.ceil(category.limit * chance.pace * Math.sqrt(random.next()));
  if (!random.chance(chance.closed)) days = category.limit + 1 + random.geometric(6);
  const closedDay = random.chance(0.0015) ? null : calendar.add(day, Math.max(1, days));
  const closed =
    closedDay === null ? null : Math.max(closedDay * 1440 + 10 * random.int(51, 105), signed + 30);
  const isClosed = closed !== null;
  return {
    number,
    handler,
    category,
    received,
    forwarded,
    signed,
    due,
    closed,
    resolved: isClosed && random.chance(0.97) ? random.chance(chance.resolved) : null,
    rating: isClosed && random.chance(0.62) ? rate(random, chance) : null,
    returned: random.chance(chance.returned),
    repeatOf: previous && random.chance(chance.repeated) ? previous : null,
    caller: random.chance(0.4) ? Math.floor(20_000 * random.next() ** 1.6) : null,
  };
}

function rate(random: Random, { satisfied }: Chances): number {
  if (!random.chance(satisfied)) return random.int(1, 2);
  return random.chance(0.3) ? 3 : random.int(4, 5);
}

/** The row of the first delivery, that after the closing, rarely one with the rating revised, and rarely one twice. */
function deliverComplaint(random: Random, complaint: Complaint): Version<Complaint>[] {
  const first = deliveryAfter(Math.floor(complaint.received / 1440));
  const finished = complaint.closed === null ? null : Math.floor(complaint.closed / 1440);
  const versions: Version<Complaint>[] = [];
  const open = finished === null || finished >= first;
  const signed = (complaint.signed ?? 0) < first * 1440 ? complaint.signed : null;
  versions.push({
    row: open ? { ...complaint, signed, closed: null, resolved: null, rating: null } : complaint,
    delivered: first,
  });
  let last = first;
  if (open && finished !== null) {
    last = deliveryAfter(finished);
    versions.push({ row: complaint, delivered: last });
  }
  if (random.chance(0.004) && complaint.rating !== null) {
    const rating = complaint.rating > 2 ? 2 : 4;
    versions.push({ row: { ...complaint, rating }, delivered: deliveryAfter(last) });
  }
  if (random.chance(0.003)) versions.push(versions.at(-1) as Version<Complaint>);
  return versions.filter(({ delivered }) => delivered <= LAST_DELIVERY);
}
