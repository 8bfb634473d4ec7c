import { parsePeriod, shiftPeriod } from "../period.ts";
import { findPublished } from "../publish/find-published.ts";
import { addPublished } from "../publish/open-published.ts";
import { act, asOfOption, type CommonOptions, makeCommand, periodOption } from "./command.ts";
import { openPublishedPeriod, orderByLevel } from "./open-period.ts";
import { describeMove } from "./rank.ts";
import { bothNames, padColumns, printResult } from "./terminal.ts";

interface Change {
  readonly entity_id: string;
  readonly name_zh: string;
  readonly name_en: string;
  readonly level: string;
  readonly peer_class: string;
  readonly rank: number | null;
  readonly rank_before: number | null;
  readonly score: number | null;
  readonly score_before: number | null;
  readonly grade: string | null;
  readonly grade_before: string | null;
  readonly reason_zh: string | null;
  readonly reason_en: string | null;
}

interface MovedContribution {
  readonly entity_id: string;
  readonly kind: string;
  readonly node_id: string;
  readonly moved: number;
}

/** How many of the contributions that moved an entity most are named. */
const NAMED = 3;

/** `zhengxin delta`: what changed, and why. */
export function deltaCommand() {
  return makeCommand(
    "delta",
    "Show what changed since the period before, or since an earlier as-of of the same period, and why.",
    [
      "delta qingdao --period 2018-12",
      "delta qingdao --period 2018-06 --as-of 2019-01-10 --since-as-of 2018-07-10",
    ],
  )
    .argument("[pipeline]", "name of a file in pipelines/")
    .addOption(periodOption())
    .addOption(asOfOption())
    .addOption(asOfOption("--since-as-of"))
    .action(
      act(
        async (
          named: string | undefined,
          options: CommonOptions & { readonly sinceAsOf?: string },
        ) => {
          const published = await openPublishedPeriod(named, options);
          const { store, sql, period, asOf, dataDir, pipeline } = published;
          try {
            let before = shiftPeriod(parsePeriod(period), -1).id;
            let earlier = "published";
            if (options.sinceAsOf) {
              before = period;
              earlier = "earlier";
              const folder = findPublished(dataDir, pipeline, {
                period,
                asOf: options.sinceAsOf,
              });
              await addPublished(store, folder, earlier);
            }
            const parameters = { period, before };
            const changes = orderByLevel(
              published,
              await store.rows<Change>(sql("delta-ranks", { earlier }), parameters),
            );
            const why = await store.rows<MovedContribution>(
              sql("delta-contributions", { earlier }),
              parameters,
            );
            const value = changes.map((change) => ({
              ...change,
              change: classify(change),
              // Points of a body without an earlier score have not moved from anywhere.
              why: isCompared(change)
                ? why.filter(({ entity_id }) => entity_id === change.entity_id)
                : [],
            }));
            printResult(
              options.json,
              { period, as_of: asOf, since: options.sinceAsOf ?? before, changes: value },
              describeDelta(value, options.sinceAsOf ? `as of ${options.sinceAsOf}` : before),
            );
          } finally {
            store.close();
          }
          return undefined;
        },
      ),
    );
}

/** entered: ranked now, not before; left: the reverse; moved: another score; same. */
export function classify({ rank, rank_before, score, score_before }: Change) {
  if (rank !== null && rank_before === null) return "entered" as const;
  if (rank === null && rank_before !== null) return "left" as const;
  return score === score_before && rank === rank_before ? ("same" as const) : ("moved" as const);
}

function isCompared({ score, score_before }: Change): boolean {
  return score !== null && score_before !== null;
}

function describeDelta(
  changes: readonly (Change & {
    readonly change: ReturnType<typeof classify>;
    readonly why: readonly MovedContribution[];
  })[],
  since: string,
): string {
  const lines: string[] = [`与之比较 compared with ${since}`];
  if (changes.every(({ score_before }) => score_before === null)) {
    return "没有更早的得分可比 There is no earlier score to compare with.";
  }
  let peerClass = "";
  for (const one of changes) {
    // A body that others passed shows its new place; one whose score moved by a rounding only shows nothing.
    const slight = Math.abs((one.score ?? 0) - (one.score_before ?? 0)) < 0.005;
    if (one.change === "same" || (slight && one.rank === one.rank_before)) continue;
    if (one.peer_class !== peerClass) {
      peerClass = one.peer_class;
      lines.push("", peerClass);
    }
    const move = (one.score ?? 0) - (one.score_before ?? 0);
    const reasons = one.why
      .slice(0, NAMED)
      .map(({ node_id, moved }) => `${node_id} ${signed(moved)}`)
      .join(", ");
    lines.push(
      `${one.change.padEnd(8)}${padColumns(bothNames(one.name_zh, one.name_en), 44)} ${String(one.rank_before ?? "–").padStart(3)} → ${String(one.rank ?? "–").padEnd(3)} ${describeMove(one.rank_before, one.rank).padEnd(4)} ${one.change === "moved" ? signed(move) : ""}  ${one.grade_before ?? "–"} → ${one.grade ?? "–"}  ${reasons}`,
    );
  }
  if (lines.length === 1) lines.push("没有变化 Nothing changed.");
  return lines.join("\n");
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
}
