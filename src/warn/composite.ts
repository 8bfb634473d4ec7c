import { severity, type WarningDefinition } from "../standard/warning-definition.ts";
import type { WarningEvidence } from "./evidence.ts";
import { type BodyEpisode, type Findings, nameLevel } from "./findings.ts";
import { describeComposite, type Sentence } from "./sentence.ts";

/** What is said of a body at a period. */
export interface CompositeLevel {
  readonly body: number;
  /** Place of the period. */
  readonly at: number;
  readonly level: string;
  readonly list: "warning" | "hint" | undefined;
  readonly emergency: string | undefined;
  readonly reason: Sentence;
}

/**
 * Levels, lists and cases of emergency of the last `kept` periods. Outlooks are known of the last period only, so a hint by
 * forecast appears there alone.
 */
export function composeFindings(
  definition: WarningDefinition,
  evidence: WarningEvidence,
  findings: Findings,
  kept: number,
): CompositeLevel[] {
  const count = evidence.periods.length;
  const byBody = groupEpisodes(findings.episodes, evidence.bodies.length);
  const outlooks = new Set(definition.outlooks.map(({ id }) => id));
  const composite = new Set(definition.rules.filter((rule) => rule.composite).map(({ id }) => id));
  // Only a series without parts has one row a body, in their order.
  const whole = findings.rules.filter(
    ({ series }) =>
      series.bodies.length === evidence.bodies.length && series.parts.every((part) => part === ""),
  );
  const result: CompositeLevel[] = [];
  for (let body = 0; body < evidence.bodies.length; body++) {
    for (let at = Math.max(0, count - kept); at < count; at++) {
      const standing = (byBody[body] ?? []).filter(
        ({ began, ended }) => began <= at && (ended === undefined || ended > at),
      );
      const levels = new Map<string, number>();
      for (const { rule, levels: judged } of whole) {
        levels.set(rule.id, judged[body * count + at] as number);
      }
      const place = findings.composite[body * count + at] as number;
      result.push({
        body,
        at,
        level: nameLevel(place),
        list: chooseList(definition, levels, place, standing, outlooks),
        emergency: suggestGrade(definition, levels),
        reason: describeComposite(
          definition,
          nameLevel(place),
          standing.filter(({ ruleId }) => composite.has(ruleId) || outlooks.has(ruleId)),
          evidence.periods,
          at === count - 1,
        ),
      });
    }
  }
  return result;
}

function groupEpisodes(episodes: readonly BodyEpisode[], bodies: number): BodyEpisode[][] {
  const groups: BodyEpisode[][] = Array.from({ length: bodies }, () => []);
  for (const episode of episodes) groups[episode.body]?.push(episode);
  return groups;
}

function chooseList(
  { lists }: WarningDefinition,
  levels: ReadonlyMap<string, number>,
  composite: number,
  standing: readonly BodyEpisode[],
  outlooks: ReadonlySet<string>,
): "warning" | "hint" | undefined {
  if (!lists) return undefined;
  const { rules, at_least } = lists.warning;
  if (rules.some((rule) => (levels.get(rule) ?? 0) >= severity(at_least))) return "warning";
  const hinted = composite <= 3 && composite >= severity(lists.hint.at_least);
  return hinted || standing.some(({ ruleId }) => outlooks.has(ruleId)) ? "hint" : undefined;
}

/** Grade IV where a rule that calls for it stands above green. */
function suggestGrade(
  { emergency }: WarningDefinition,
  levels: ReadonlyMap<string, number>,
): "IV" | undefined {
  const calls = emergency?.rules.some((rule) => (levels.get(rule) ?? 0) > 0);
  return calls ? "IV" : undefined;
}
