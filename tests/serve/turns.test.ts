import { expect, test } from "vitest";
import { openTurns, TooBusy } from "../../src/serve/turns.ts";

test("work is done one after the other, a failure holds up nobody, and too many are sent away", async () => {
  const turns = openTurns(2);
  const told: string[] = [];
  const gates: (() => void)[] = [];
  const work = (name: string) => async () => {
    told.push(`${name} begins`);
    await new Promise<void>((open) => gates.push(open));
    told.push(`${name} ends`);
    if (name === "b") throw new Error("b fails");
    return name;
  };
  const all = ["a", "b", "c"].map((name) => turns.take(work(name)));
  await expect(turns.take(work("d"))).rejects.toThrow(TooBusy);
  const settled = Promise.allSettled(all);
  for (let done = 0; done < 3; done += 1) {
    while (gates.length <= done) await new Promise((next) => setImmediate(next));
    gates[done]?.();
  }
  expect((await settled).map(({ status }) => status)).toEqual([
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
  expect(told).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  const later = turns.take(async () => "e");
  expect(await later).toBe("e");
});
