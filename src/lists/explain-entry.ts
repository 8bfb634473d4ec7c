import type { ListRule } from "../standard/list-definition.ts";
import { SEVERITY_NAMES, type Severity } from "../standard/record-rules.ts";
import type { BodyFacts, CountingRecord } from "./facts.ts";

export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

/** Why a body is on a list: the rule, then the record or the standing that meets it. */
export function explainEntry(
  { title, when }: ListRule,
  body: BodyFacts,
  record: CountingRecord | undefined,
  { ids }: { readonly ids: readonly string[] },
  names: Readonly<Record<string, Bilingual>>,
): Bilingual {
  const parts: Bilingual[] = record ? [describeRecord(record, names)] : [];
  const [now] = body.standings;
  if (when.grades) {
    const grades = [...new Set(body.standings.slice(0, when.periods).map(({ grade }) => grade))];
    const first = ids[when.periods - 1];
    parts.push(
      when.periods === 1
        ? { zh: `本期等次${now?.grade}`, en: `grade ${now?.grade}` }
        : {
            zh: `${first} 起连续 ${when.periods} 期等次为${grades.join("、")}`,
            en: `grade ${grades.join(" or ")} in ${when.periods} periods in a row, from ${first}`,
          },
    );
  }
  if (when.first !== undefined) {
    parts.push({
      zh: `同类 ${now?.rankedOf} 个单位中列第 ${now?.rank}`,
      en: `rank ${now?.rank} of ${now?.rankedOf} peers`,
    });
  }
  if (when.without_records) parts.push(describeAbsence(when.without_records.within_months));
  if (when.vetoes) {
    parts.push({ zh: `本期受等次限制（${now?.vetoedBy}）`, en: `vetoed (${now?.vetoedBy})` });
  }
  for (const { indicator } of when.indicators ?? []) {
    const value = Number(body.values.get(indicator)?.toFixed(2));
    parts.push({ zh: `${indicator} 为 ${value}`, en: `${indicator} is ${value}` });
  }
  if (parts.length === 0) return title;
  return {
    zh: `${title.zh}：${parts.map(({ zh }) => zh).join("；")}`,
    en: `${title.en}: ${parts.map(({ en }) => en).join("; ")}`,
  };
}

function describeRecord(
  { key, documentNo, type, severity, severityBasis, decidedOn, disputed }: CountingRecord,
  names: Readonly<Record<string, Bilingual>>,
): Bilingual {
  const name = (code: string): Bilingual => names[code] ?? { zh: code, en: code };
  // How grave it is, is told only where a law or the decision says so.
  const grave = severityBasis === null ? undefined : SEVERITY_NAMES[severity as Severity];
  return {
    zh: `${documentNo ?? key}，${grave?.zh ?? ""}${name(type).zh}，${decidedOn} 认定${disputed ? "（异议处理中）" : ""}`,
    en: `${documentNo ?? key}, ${grave ? `${grave.en}, ` : ""}${name(type).en}, decided on ${decidedOn}${disputed ? " (disputed)" : ""}`,
  };
}

function describeAbsence(months: number | undefined): Bilingual {
  return months === undefined
    ? { zh: "没有相应的有效失信记录", en: "no such record counts" }
    : { zh: `近 ${months} 个月没有相应的失信记录`, en: `no such record in ${months} months` };
}
