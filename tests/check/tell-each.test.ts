import { expect, test } from "vitest";
import { tellEach } from "../../src/check/expectations.ts";

test("what is said of several files in the same words is said once, and of others in their order", () => {
  const large = { zh: "内存不足。", en: "Too large." };
  const empty = { zh: "文件是空的。", en: "Empty." };
  expect(tellEach([large, empty, large, large])).toEqual({
    zh: "内存不足。 文件是空的。",
    en: "Too large. Empty.",
  });
  expect(tellEach([])).toEqual({ zh: "", en: "" });
});
