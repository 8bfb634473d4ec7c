import { expect, test } from "vitest";
import { gatherLike } from "../../src/standard/gather-like.ts";

const refused = (at: number) => ({
  zh: `采购：文件 ${at.toString(16).padStart(12, "0")} 未能读取。文件不是有效的 JSON（第 ${at} 行）。`,
  en: `Procurement: the file ${at.toString(16).padStart(12, "0")} was refused. It is no valid JSON (line ${at}).`,
});
const other = { zh: "采购：文件夹中没有文件。", en: "Procurement: the folder holds no files." };

test("a thousand like faults are one sentence, which names the first file and counts the others", () => {
  const many = Array.from({ length: 1000 }, (_, at) => refused(at + 10));
  expect(gatherLike([...many.slice(0, 500), other, ...many.slice(500)])).toEqual([
    {
      zh: "采购：文件 00000000000a 未能读取。文件不是有效的 JSON（第 10 行）。另有 999 个文件情况类似。",
      en: "Procurement: the file 00000000000a was refused. It is no valid JSON (line 10). Much the same goes for 999 more files.",
    },
    other,
  ]);
});

test("a few are told one by one, and those that say something else are not among them", () => {
  const three = [refused(1), refused(2), refused(3)];
  expect(gatherLike([...three, other])).toEqual([...three, other]);
  const damaged = [4, 5, 6, 7].map((at) => {
    const { zh, en } = refused(at);
    return { zh: zh.replace("有效", "完整"), en: en.replace("valid", "complete") };
  });
  expect(gatherLike([...three, ...damaged])).toHaveLength(4);
});
