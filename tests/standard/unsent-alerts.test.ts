import { expect, test } from "vitest";
import type { ChannelFile } from "../../src/standard/alert-channels.ts";
import { findUnsent } from "../../src/standard/unsent-alerts.ts";

const file = { kind: "file", folder: "alerts", at_least: "yellow" } as const;
const channels: ChannelFile = {
  channels: [
    { ...file, id: "unstated" },
    { ...file, id: "public", audience: "public" },
    { ...file, id: "internal", audience: "internal" },
    { ...file, id: "owned", owners: ["finance-bureau"] },
  ],
};
const title = { zh: "债务预警", en: "Debt" };
const debt = { id: "debt", title, series: [{ from: "position" }] } as never;
const conduct = { id: "conduct", title, audience: "public", series: [] } as never;

test("a channel that does not say who reads it is told which alerts it does not carry", () => {
  // Debt is internal though its file does not say so. One that is public on purpose needs no telling.
  expect(findUnsent(channels, [debt, conduct]).map(({ en }) => en)).toEqual([
    'The channel "unstated" does not say who reads it (owners or audience), so it counts as public: "Debt", which is for the offices named, is not sent there. If none but they read it, write audience: internal.',
  ]);
  expect(findUnsent(channels, [conduct])).toEqual([]);
  expect(findUnsent({ channels: channels.channels.slice(1) }, [debt])).toEqual([]);
});
