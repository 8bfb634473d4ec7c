import type { Sheets, Slot } from "./sheets.ts";

/** Something that moved an index since the period before. */
export interface Mover {
  /** Its slot; -1 for the change of scope. */
  readonly slot: number;
  /** scope: indicators became assessable or ceased to be, and the weight of all others changed with them. */
  readonly kind: Slot["kind"] | "scope";
  readonly id: string;
  /** Points of the movement it accounts for; all movers together account for the whole. */
  readonly points: number;
  /** Whether a deduction or bonus is at its maximum now. */
  readonly capped: boolean;
  /** Of a change of scope: indicators that came in, and that went out. */
  readonly entered: readonly string[];
  readonly left: readonly string[];
  /** The record or category that moved furthest the same way. */
  readonly detail?: {
    readonly kind: "record" | "category";
    readonly name: string;
    readonly points: number;
    /** Records that are new, and that are gone. */
    readonly came: number;
    readonly went: number;
  };
}

/** The largest movements of one body, up and down, each from the largest. */
export interface Movement {
  readonly up: readonly Mover[];
  readonly down: readonly Mover[];
}

/** Movements shown in the sentence, each way. */
const SHOWN = 2;
/** Smaller movements explain little, and are not named. */
const LEAST = 0.05;
/** Stands for the change of scope among the slots. */
const SCOPE = -1;

/** Slot with which each slot is told: the cap of a deduction or bonus belongs to it, as what counts is what is left. */
export function findHomes({ slots }: Sheets): number[] {
  return slots.map(({ kind, id }, slot) => {
    if (kind !== "limit") return slot;
    const home = slots.findIndex(
      (other) => other.id === id && (other.kind === "deduction" || other.kind === "bonus"),
    );
    return home < 0 ? slot : home;
  });
}

/**
 * What moved an index between two units of the same body. An indicator is told with what its own score did: with share ω
 * and points ω·g, that is (g₁ − g₀) × (ω₀ + ω₁) ÷ 2. What changed shares do, (ω₁ − ω₀) × (g₀ + g₁) ÷ 2, is summed over all
 * indicators, with those that came or went, as one change of scope: else a newly assessable indicator would seem to
 * pull every other one down.
 * @param withheld indicators and rules that are not to be named
 */
export function compareUnits(
  sheets: Sheets,
  homes: readonly number[],
  before: number,
  now: number,
  withheld: ReadonlySet<string> = new Set(),
): Movement {
  const { slots, points, share, indicators } = sheets;
  const width = slots.length;
  const moved = new Float64Array(width);
  let scope = 0;
  const entered: string[] = [];
  const left: string[] = [];
  for (let slot = 0; slot < width; slot++) {
    const change = part(points, now * width + slot) - part(points, before * width + slot);
    const home = homes[slot] as number;
    if (slot >= indicators) {
      moved[home] = (moved[home] as number) + change;
      continue;
    }
    const then = share[before * indicators + slot] as number;
    const today = share[now * indicators + slot] as number;
    const id = (slots[slot] as Slot).id;
    if (Number.isNaN(then) && !Number.isNaN(today) && !withheld.has(id)) entered.push(id);
    if (Number.isNaN(today) && !Number.isNaN(then) && !withheld.has(id)) left.push(id);
    const gain =
      part(points, now * width + slot) / today - part(points, before * width + slot) / then;
    const own = Number.isNaN(gain) ? 0 : then === today ? change : (gain * (then + today)) / 2;
    moved[slot] = own;
    scope += change - own;
  }
  const made = (slot: number): Mover => {
    const none = { slot, capped: false, entered: [], left: [] };
    if (slot === SCOPE) return { ...none, kind: "scope", id: "", points: scope, entered, left };
    const capped = homes.some(
      (home, limit) => home === slot && limit !== slot && part(points, now * width + limit) !== 0,
    );
    return { ...none, ...(slots[slot] as Slot), points: moved[slot] as number, capped };
  };
  const pointsOf = (slot: number) => (slot === SCOPE ? scope : (moved[slot] as number));
  const shown = [SCOPE, ...moved.keys()]
    .filter((slot) => Math.abs(pointsOf(slot)) >= LEAST)
    .filter((slot) => !withheld.has(slots[slot]?.id ?? ""))
    // A change of scope that nothing may be said of.
    .filter((slot) => slot !== SCOPE || withheld.size === 0 || entered.length + left.length > 0)
    .sort((one, two) => pointsOf(two) - pointsOf(one) || one - two);
  const up = shown.filter((slot) => pointsOf(slot) > 0);
  const down = shown.filter((slot) => pointsOf(slot) < 0).reverse();
  return { up: up.slice(0, SHOWN).map(made), down: down.slice(0, SHOWN).map(made) };
}

function part(points: Float64Array, cell: number): number {
  const value = points[cell] as number;
  return Number.isNaN(value) ? 0 : value;
}
