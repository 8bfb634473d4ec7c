import type { Bilingual } from "./bilingual.ts";
import { readChecks } from "./check-file.ts";

/** Names of the checks that every source goes through. */
const BUILT_IN: Readonly<Record<string, Bilingual>> = {
  "source-present": { zh: "来源在场", en: "The source is present" },
  "files-usable": { zh: "文件可用", en: "Files can be used" },
  "files-gone": { zh: "文件仍在", en: "Files are still there" },
  "files-vanished": { zh: "文件一起消失", en: "Files vanished together" },
  "rows-max": { zh: "文件行数上限", en: "Most rows of a file" },
  freshness: { zh: "数据及时性", en: "Freshness of the data" },
  "columns-found": { zh: "定义要读的列", en: "Columns the definition reads" },
  "columns-unread": { zh: "定义不读的列", en: "Columns the definition does not read" },
  volume: { zh: "每日记录数", en: "Records of a day" },
  "delivery-empty": { zh: "空报送", en: "Empty delivery" },
  silence: { zh: "停报", en: "Silence" },
  contradictions: { zh: "互相矛盾的行", en: "Rows that contradict each other" },
  "numbers-alike": { zh: "近似的编号", en: "Numbers that look alike" },
  "bodies-twice": { zh: "单位重复登记", en: "Bodies described twice" },
};
const FILL = "fill-";

/** Gives a check's name by its id. */
export type NameCheck = (checkId: string) => Bilingual;

/**
 * Names checks as a person calls them: those every source goes through, and those of metrics/checks by their titles. An id that
 * neither knows names itself, as of a check that has been taken out since.
 */
export function openCheckNames(workspace: string): NameCheck {
  const own = new Map(readChecks(workspace).map(({ id, title }) => [id, title]));
  return (id) => {
    const column = id.startsWith(FILL) ? id.slice(FILL.length) : undefined;
    if (column !== undefined) return { zh: `“${column}”的填报率`, en: `"${column}" is filled in` };
    return own.get(id) ?? BUILT_IN[id] ?? { zh: id, en: id };
  };
}
