import { type Level, reaches, severity, type WarningRule } from "../standard/warning-definition.ts";

/** A stretch of periods in which a rule stood above green. `ended` is the first period of calm again. */
export interface Episode {
  readonly began: number;
  readonly ended: number | undefined;
  /** Level at its end, or now. */
  readonly level: Level;
  readonly peak: Level;
  /** First period at its level now without a break; of one that ended, at its peak. */
  readonly since: number;
  /** Place of the last period of the episode with a value. */
  readonly at: number;
}

/**
 * Judges one series by one rule, period by period, writing the level (0 green to 3 red) of each into `levels`.
 *
 * A level is taken once the value has stood in its band for `persistence` periods in a row; it is given up once the
 * value has been on the good side of the band's release line for `release_after` periods in a row. Between the two lines
 * nothing changes, so that a value that dances on a line makes one episode. A period without a value changes nothing.
 * @param values `count` values from `start`; NaN: not known
 */
export function judgeSeries(
  rule: WarningRule,
  values: Float64Array,
  start: number,
  count: number,
  levels: Uint8Array,
): Episode[] {
  const { bands, persistence, release_after } = rule;
  const streaks = new Int32Array(bands.length);
  const calms = new Int32Array(bands.length);
  const releases = bands.map((band) => releaseBand(band));
  const episodes: Episode[] = [];
  let held = -1;
  let began = 0;
  let peak = -1;
  let since = 0;
  let peaked = 0;
  let lastAt = 0;
  for (let at = 0; at < count; at++) {
    const value = values[start + at] as number;
    if (!Number.isNaN(value)) {
      let highest = -1;
      for (let band = 0; band < bands.length; band++) {
        const inside = reaches(bands[band] as (typeof bands)[number], value);
        streaks[band] = inside ? (streaks[band] as number) + 1 : 0;
        const calm = !reaches(releases[band] as (typeof bands)[number], value);
        calms[band] = calm ? (calms[band] as number) + 1 : 0;
        if ((streaks[band] as number) >= persistence) highest = band;
      }
      const before = held;
      while (held >= 0 && (calms[held] as number) >= release_after) held--;
      if (highest > held) held = highest;
      if (before < 0 && held >= 0) began = at;
      if (before >= 0 && held < 0) {
        episodes.push({
          began,
          ended: at,
          level: "green",
          peak: levelOf(rule, peak),
          since: peaked,
          at: lastAt,
        });
      }
      if (held !== before) since = at;
      if (held > (before < 0 ? -1 : peak)) peaked = at;
      peak = held < 0 ? -1 : Math.max(peak, held);
      lastAt = at;
    }
    levels[start + at] = held < 0 ? 0 : severity(levelOf(rule, held));
  }
  if (held >= 0) {
    episodes.push({
      began,
      ended: undefined,
      level: levelOf(rule, held),
      peak: levelOf(rule, peak),
      since,
      at: lastAt,
    });
  }
  return episodes;
}

/** The level of a single value, without memory. */
export function judgeValue(rule: WarningRule, value: number): Level {
  return rule.bands.findLast((band) => reaches(band, value))?.level ?? "green";
}

/** The next line that a value has not reached: the mildest band beyond it. */
export function nextBand(rule: WarningRule, value: number) {
  return rule.bands.find((band) => !reaches(band, value));
}

/** The band's own side of its release line: a value that it does not reach is calm. */
export function releaseBand(band: WarningRule["bands"][number]): WarningRule["bands"][number] {
  const { from, above, below, release, ...rest } = band;
  if (from !== undefined) return { ...rest, release, from: release };
  if (above !== undefined) return { ...rest, release, above: release };
  return { ...rest, release, below: release };
}

function levelOf({ bands }: WarningRule, band: number): Level {
  return bands[band]?.level ?? "green";
}
