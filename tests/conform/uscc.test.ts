import { afterAll, beforeAll, expect, test } from "vitest";
import { Store } from "../../src/store/store.ts";

let store: Store;
beforeAll(async () => {
  store = await Store.open(":memory:", { memory: "256MB", threads: 1 });
});
afterAll(() => store.close());

async function isValid(code: string): Promise<unknown> {
  return (await store.row<{ v: boolean }>("SELECT uscc_is_valid($code) AS v", { code }))?.v;
}

// Published codes of real bodies; the last character of 113700000045030270 is the case in which the sum is a multiple of 31.
test.each([
  "11330702056851584G",
  "11330800MB0R57773W",
  "113700000045030270",
  "113700000045022274",
  "11370000004504927A",
  "113700000045024031",
  "11230500001755309F",
  "9131000063159284XQ",
  "91350100M000100Y43",
])("%s passes both checks", async (code) => {
  expect(await isValid(code)).toBe(true);
});

// The standard's own wrong example, and codes that were issued although they fail.
test.each([
  "91350100M000100Y4Z",
  "91350211M0000XUF46",
  "91350100M0001TGQXM",
  "91350203M0001QAY9B",
  "1133070205685158",
  "11330702056851584g",
  "1133070205685158IG",
])("%s fails", async (code) => {
  expect(await isValid(code)).toBe(false);
});

// 11330702056851585 + a last character right by GB 32100: only the GB 11714 digit (4, not 5) gives it away.
test("the organisation code inside is checked too", async () => {
  const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  const body = "11330702056851585";
  let weight = 1;
  let sum = 0;
  for (const character of body) {
    sum += alphabet.indexOf(character) * weight;
    weight = (weight * 3) % 31;
  }
  const code = body + alphabet[(31 - (sum % 31)) % 31];
  expect(await isValid(code)).toBe(false);
});
