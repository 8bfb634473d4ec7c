import type { PublishedReport } from "./json.ts";
import { type Output, UNDISCLOSED } from "./outputs.ts";
import { TEXTS } from "./texts.ts";

type PublishedBody = PublishedReport["levels"][number]["peer_classes"][number]["bodies"][number];

/**
 * What report.json says without the outputs withheld.
 * @param body the body of which everything is told all the same
 */
export function reduceReport(
  report: PublishedReport,
  withheld: readonly Output[],
  body: string | null,
): PublishedReport {
  if (withheld.length === 0) return report;
  const gone = (kind: Output["kind"]) =>
    new Set(withheld.filter((one) => one.kind === kind).map(({ id }) => id));
  const [indicators, rules, warnings, lists] = [
    gone("indicator"),
    gone("rule"),
    gone("warnings"),
    gone("list"),
  ];
  const own = <T extends { readonly entity_id: string }>(rows: readonly T[]) =>
    rows.filter(({ entity_id }) => entity_id === body);
  const titles = report.coverage.filter(({ id }) => indicators.has(id)).map(({ title }) => title);
  return {
    ...report,
    not_public: { indicators: indicators.size, warnings: warnings.size, lists: lists.size },
    levels: report.levels.map((level) => ({
      ...level,
      peer_classes: level.peer_classes.map((peers) => ({
        ...peers,
        bodies: peers.bodies.map((one) =>
          one.entity_id === body ? one : reduceBody(one, { indicators, rules, titles }),
        ),
      })),
    })),
    warnings: report.warnings.flatMap((one) => {
      if (!warnings.has(one.id)) return [one];
      if (body === null) return [];
      const { levels, standing, crossings, stress, ...rest } = one;
      return [
        {
          ...rest,
          levels: own(levels),
          standing: own(standing),
          crossings: own(crossings),
          stress: own(stress),
        },
      ];
    }),
    lists: report.lists.flatMap((one) => {
      if (!lists.has(one.id)) return [one];
      return body === null ? [] : [{ ...one, entries: own(one.entries) }];
    }),
    coverage: report.coverage.filter(({ id }) => !indicators.has(id)),
  };
}

interface Gone {
  readonly indicators: ReadonlySet<string>;
  readonly rules: ReadonlySet<string>;
  /** Of the indicators; a sentence that names one is not told. */
  readonly titles: readonly { readonly zh: string; readonly en: string }[];
}

function reduceBody(body: PublishedBody, { indicators, rules, titles }: Gone): PublishedBody {
  const isGone = (id: string) => indicators.has(id) || rules.has(id);
  const folded = body.contributions.filter(({ id }) => isGone(id));
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
  const before = folded.map(({ points_previous: points }) => points);
  const undisclosed = {
    kind: UNDISCLOSED,
    id: UNDISCLOSED,
    title: TEXTS.undisclosed,
    points: sum(folded.map(({ points }) => points)),
    points_previous: before.every((points) => points === null)
      ? null
      : sum(before.map((points) => points ?? 0)),
  };
  const tells = titles.some(
    ({ zh, en }) => body.reason.zh.includes(zh) || body.reason.en.includes(en),
  );
  const vetoed = body.vetoed_by !== null && rules.has(body.vetoed_by);
  return {
    ...body,
    vetoed_by: vetoed ? UNDISCLOSED : body.vetoed_by,
    grade_before_veto: vetoed ? null : body.grade_before_veto,
    reason: tells ? TEXTS.reasonNotPublic : body.reason,
    indicators: body.indicators.filter(({ id }) => !indicators.has(id)),
    contributions: [
      ...body.contributions.filter(({ id }) => !isGone(id)),
      ...(folded.length > 0 ? [undisclosed] : []),
    ],
    records: body.records.filter(({ rule }) => !rules.has(rule)),
  };
}
