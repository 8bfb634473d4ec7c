import type { ChannelFile } from "../standard/alert-channels.ts";

/** The next moment at a time of day ("08:00"), today or tomorrow; now itself when it is that time. */
export function nextTimeOfDay(now: string, clock: string): string {
  const today = `${now.slice(0, 10)} ${clock}:00`;
  return today >= now ? today : `${dayAfter(now.slice(0, 10))} ${clock}:00`;
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

/** Days are counted without any zone: the machine's clock has nothing to say in it. */
function dayAfter(day: string): string {
  const next = new Date(`${day}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().slice(0, 10);
}
