import { addDays, format, parse } from "date-fns";
import type { ChannelFile } from "../standard/alert-channels.ts";

const CIVIL = "yyyy-MM-dd HH:mm:ss";

/** The next moment at a time of day ("08:00"), today or tomorrow; now itself when it is that time. */
export function nextTimeOfDay(now: string, clock: string): string {
  const today = `${now.slice(0, 10)} ${clock}:00`;
  return today >= now ? today : `${format(addDays(read(today), 1), "yyyy-MM-dd")} ${clock}:00`;
}

/**
 * When a message may go out at the earliest: now, or the end of the quiet hours now falls in. They are half-open, from ≤ now
 * < to, and may span midnight.
 */
export function leaveQuietHours(
  now: string,
  level: string,
  quiet: ChannelFile["quiet_hours"],
): string {
  if (!quiet || quiet.except === level) return now;
  const clock = now.slice(11, 16);
  const { from, to } = quiet;
  const inside = from <= to ? clock >= from && clock < to : clock >= from || clock < to;
  return inside ? nextTimeOfDay(now, to) : now;
}

function read(civil: string): Date {
  return parse(civil, CIVIL, new Date(2000, 0, 1));
}
