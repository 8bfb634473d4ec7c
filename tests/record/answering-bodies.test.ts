import { describe, expect, test } from "vitest";
import { layOutAnswering, nameActors } from "../../src/record/answering-bodies.ts";

const EVER = { valid_from: "2010-01-01", valid_to: null };
const SINCE = { known_from: "2018-01-01 00:00:00", known_to: null };
const CODES = [
  { code: "990101", scheme: "local", entity_id: "990101", ...EVER, ...SINCE },
  { code: "11990101HC0000016L", scheme: "uscc", entity_id: "990101", ...EVER, ...SINCE },
  { code: "东城新区", scheme: "name", entity_id: "990101", ...EVER, ...SINCE },
  {
    ...{ code: "东城县", scheme: "name", entity_id: "990101", ...SINCE },
    ...{ valid_from: "2010-01-01", valid_to: "2017-10-01" },
  },
  { code: "河口街道", scheme: "name", entity_id: "990101001", ...EVER, ...SINCE },
  { code: "河口街道", scheme: "name", entity_id: "990102003", ...EVER, ...SINCE },
];

describe("the body that acts", () => {
  const { actorOf, bodyOf } = layOutAnswering(CODES);

  test.each([
    ["990101", "990101"],
    ["９９０１０１", "990101"],
    ["990101000000", "990101"],
    ["11990101hc0000016l", "990101"],
    ["东城新区", "990101"],
    [" 东 城新区 ", "990101"],
    // Two bodies have the name, and an office is no body on file.
    ["河口街道", undefined],
    ["市信用办公室", undefined],
    ["", undefined],
    // The name ended on 1 October 2017.
    ["东城县", undefined],
  ])("is known by its code and by its name: %s", (text, body) => {
    expect(actorOf(text, "2018-07-12")).toBe(body);
  });

  test("had another name before", () => {
    expect(actorOf("东城县", "2017-09-30")).toBe("990101");
    expect(actorOf("东城县", "2017-10-01")).toBe(undefined);
  });

  test("is looked up by code alone where a code is asked for", () => {
    expect(bodyOf("11990101HC0000016L")).toBe("990101");
    expect(bodyOf("东城新区")).toBe(undefined);
  });
});

test("a name that became known later names nobody before", () => {
  const late = {
    ...{ code: "东城", scheme: "name", entity_id: "990101", ...EVER },
    ...{ known_from: "2018-08-01 00:00:00", known_to: "2018-09-01 00:00:00" },
  };
  const event = {
    ...{ actor_body: "东城", occurred_at: "2018-07-12 00:00:00", event: "dispute" },
    ...{ known_from: "2018-07-12 09:00:00", known_to: null },
  };
  const told = nameActors([event], [...CODES, late]);
  expect(told.map((one) => [one.known_from, one.known_to, one.actor_id])).toEqual([
    ["2018-07-12 09:00:00", "2018-08-01 00:00:00", null],
    ["2018-08-01 00:00:00", "2018-09-01 00:00:00", "990101"],
    ["2018-09-01 00:00:00", null, null],
  ]);
});
