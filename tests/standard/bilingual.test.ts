import { expect, test } from "vitest";
import { tellApart } from "../../src/standard/bilingual.ts";

test.each([
  ["磁盘已满。请腾出空间。 The disk is full.", "磁盘已满。请腾出空间。", "The disk is full."],
  ["my-city 尚未收到文件。\nNothing yet.", "my-city 尚未收到文件。", "Nothing yet."],
  ["The indicator A2 lacks reads.", "", "The indicator A2 lacks reads."],
  ["没有记录。", "没有记录。", "没有记录。"],
])("a message is told apart into its languages: %s", (message, zh, en) => {
  expect(tellApart(message)).toEqual({ zh, en });
});
