import type { Bilingual } from "../standard/bilingual.ts";

/** What is said of how an indicator counts: in its header, or in a published month, where older ones lack some of it. */
export interface Counting {
  readonly aggregate: string;
  readonly numerator?: Bilingual | null | undefined;
  readonly denominator: Bilingual;
  readonly evidence: string | null;
  readonly rollup: boolean | null;
}

/** How a record finds its window. A window holds its first and its last day (read-evidence.sql). */
export function describeEdge(evidence: string): Bilingual {
  return evidence === "state"
    ? {
        zh: "按期末当日的状况计，窗口首日和末日都计入",
        en: "by the state on the last day of the period; the first and the last day of the window count",
      }
    : {
        zh: "按事项日期归入窗口，窗口首日和末日都计入",
        en: "by the day of the event; the first and the last day of the window count",
      };
}

/** Whether a body counts what its lower bodies did. */
export function describeRollup(rollup: boolean): Bilingual {
  return rollup
    ? {
        zh: "下级单位的记录并入所属上级（街道、镇并入区市）",
        en: "records of lower bodies count for the body above too, as those of subdistricts and towns for the district",
      }
    : { zh: "只计本单位的记录", en: "only a body's own records count" };
}

/** All that is said of how an indicator counts, as one sentence a language. */
export function describeCounting(counting: Counting): Bilingual {
  const { numerator, denominator, evidence, rollup } = counting;
  const edge = evidence === null ? undefined : describeEdge(evidence);
  const lower = rollup === null ? undefined : describeRollup(rollup);
  const listed = counting.aggregate === "list";
  const zh = [
    listed || !numerator ? undefined : `分子：${numerator.zh}`,
    listed ? denominator.zh : `分母：${denominator.zh}`,
    edge?.zh,
    lower?.zh,
  ];
  const en = [
    listed || !numerator ? undefined : `Numerator: ${numerator.en}`,
    listed ? denominator.en : `Denominator: ${denominator.en}`,
    edge && upperFirst(edge.en),
    lower && upperFirst(lower.en),
  ];
  return {
    zh: `${zh.filter((part) => part !== undefined).join("。")}。`,
    en: `${en.filter((part) => part !== undefined).join(". ")}.`,
  };
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
