import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { FORMS } from "./loud-or-equal/forms.ts";
import { judge } from "./loud-or-equal/judge.ts";
import {
  baselineOf,
  change,
  describeForm,
  isEqual,
  silentPlaces,
  tidyUp,
} from "./loud-or-equal/law.ts";
import { MUTATIONS } from "./loud-or-equal/mutations.ts";

// After any change of what is delivered either every published score, rank and state is what it was, or a sentence about it
// stands in the run's outcome, in the status, in the report's data quality and among the checks that failed. The other forms
// of files have a test file of their own, so that two processes share the work.

afterAll(tidyUp);

test("the same rows come to the same in every form", async () => {
  const [first, ...others] = await Promise.all(FORMS.map(baselineOf));
  expect(first?.judged.results.length).toBeGreaterThan(20);
  for (const { judged } of others) expect(judged.results).toEqual(first?.judged.results);
});

test("there are at least forty mutations, each under a name of its own", () => {
  const names = MUTATIONS.map(({ source, name }) => `${source}: ${name}`);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThanOrEqual(40);
});

describeForm("csv");

test("any three at once: loud or equal", async () => {
  const { judged: before } = await baselineOf("csv");
  const combinable = MUTATIONS.filter(({ forms, bytes, later }) => {
    return forms.includes("csv") && bytes === undefined && !later;
  });
  await fc.assert(
    fc.asyncProperty(fc.subarray(combinable, { minLength: 2, maxLength: 3 }), async (some) => {
      const after = await judge(await change(some, "csv"));
      if (!isEqual(after.results, before.results)) expect(silentPlaces(after, before)).toEqual([]);
    }),
    { numRuns: 6, endOnFailure: true },
  );
  // Every try is a whole month; a busy machine takes long for six.
}, 900_000);
