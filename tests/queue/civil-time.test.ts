import fc from "fast-check";
import { expect, test } from "vitest";
import { latestShown, momentOf, shownAt } from "../../src/queue/civil-time.ts";

/** A shown time as text, and a moment as text, for reading. */
const shown = (text: string) => Date.parse(`${text}:00Z`);
const moment = (text: string, zone: string) => new Date(momentOf(shown(text), zone)).toISOString();

// The clocks' own rules: New York leapt from 02:00 to 03:00 on 11 March 2018 (07:00 UTC) and showed 01:00 to 02:00 twice
// on 4 November. Lord Howe leaps by half an hour. Samoa left out 30 December 2011.
test.each([
  ["before the leap", "2018-03-11T01:59", "America/New_York", "2018-03-11T06:59:00.000Z"],
  ["left out", "2018-03-11T02:30", "America/New_York", "2018-03-11T07:00:00.000Z"],
  ["left out, its first", "2018-03-11T02:00", "America/New_York", "2018-03-11T07:00:00.000Z"],
  ["after the leap", "2018-03-11T03:00", "America/New_York", "2018-03-11T07:00:00.000Z"],
  ["shown twice", "2018-11-04T01:30", "America/New_York", "2018-11-04T05:30:00.000Z"],
  ["after it", "2018-11-04T02:00", "America/New_York", "2018-11-04T07:00:00.000Z"],
  ["half an hour left out", "2018-10-07T02:15", "Australia/Lord_Howe", "2018-10-06T15:30:00.000Z"],
  ["half an hour twice", "2018-04-01T01:45", "Australia/Lord_Howe", "2018-03-31T14:45:00.000Z"],
  ["a day left out", "2011-12-30T03:00", "Pacific/Apia", "2011-12-30T10:00:00.000Z"],
  ["the day after it", "2011-12-31T03:00", "Pacific/Apia", "2011-12-30T13:00:00.000Z"],
  ["no summer time", "2018-06-30T00:00", "Asia/Shanghai", "2018-06-29T16:00:00.000Z"],
])("the moment of a time %s", (_, text, zone, expected) => {
  expect(moment(text, zone)).toBe(expected);
});

const ZONES = [
  "America/New_York",
  "Europe/London",
  "Australia/Lord_Howe",
  "Asia/Shanghai",
  "Africa/Casablanca",
  "Pacific/Apia",
  "Asia/Tehran",
  "America/St_Johns",
];
const START = Date.UTC(2005, 0, 1);
const minutes = fc
  .integer({ min: 0, max: 20 * 366 * 1440 })
  .map((minute) => START + minute * 60_000);

test("a moment's shown time leads back to it, or to its first showing; later times never to earlier moments", () => {
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), minutes, fc.nat(3 * 1440), (zone, at, ahead) => {
      const back = momentOf(shownAt(at, zone), zone);
      expect(back).toBeLessThanOrEqual(at);
      expect(shownAt(back, zone)).toBe(shownAt(at, zone));
      const later = momentOf(at + ahead * 60_000, zone);
      expect(momentOf(at, zone)).toBeLessThanOrEqual(later);
      expect(latestShown(at + ahead * 60_000, zone)).toBeGreaterThanOrEqual(shownAt(at, zone));
    }),
    { numRuns: 500 },
  );
});
