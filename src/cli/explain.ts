import { Option } from "commander";
import { appendAudit } from "../audit/append.ts";
import { findBodies } from "../find-bodies.ts";
import { type EvidenceRow, readEvidence } from "../measure/read-evidence.ts";
import { parsePeriod, periodLastYear, shiftPeriod } from "../period.ts";
import { describeCounting } from "../publish/counting-words.ts";
import { openContext } from "../run-context.ts";
import {
  act,
  asOfOption,
  type CommonOptions,
  makeCommand,
  periodOption,
  readCount,
  withRequest,
} from "./command.ts";
import {
  describeExplanation,
  describeFraction,
  type ExplainedContribution,
  type Explanation,
} from "./describe-explanation.ts";
import { openPublishedPeriod, type PublishedPeriod } from "./open-period.ts";
import type { RankRow } from "./rank.ts";
import { bothNames, printResult } from "./terminal.ts";

interface ExplainOptions extends CommonOptions {
  readonly pipeline?: string;
  readonly records?: string;
  readonly limit: string;
  readonly since?: "previous" | "last-year";
}

/** `zhengxin explain`: from a score down to records, files and lines. */
export function explainCommand() {
  return makeCommand(
    "explain",
    "Say why an entity stands where it stands, down to records, files and lines.",
    [
      "explain 370215 --period 2018-12",
      "explain 即墨区 --period 2018-12 --since last-year",
      "explain 370215 --period 2018-12 --records B2/complaint-closed-on-time --limit 50",
      'explain "Hartford" --pipeline connecticut --json',
    ],
  )
    .argument("<entity>", "code or name, Chinese or English")
    .option("--pipeline <pipeline>", "name of a file in pipelines/")
    .addOption(periodOption())
    .addOption(asOfOption())
    .addOption(
      new Option("--since <which>", "movement since the period before, or last year's")
        .choices(["previous", "last-year"])
        .default("previous"),
    )
    .option(
      "--records <indicator>",
      "list the records behind an indicator, with file, line and hash",
    )
    .option("--limit <count>", "most records to list", readCount, "20")
    .action(
      act(async (entity: string, options: ExplainOptions) => {
        const published = await openPublishedPeriod(options.pipeline, options);
        try {
          const { config, jurisdiction, period, run } = published;
          const who = await findEntity(published, entity);
          await appendAudit(config, {
            jurisdiction,
            action: options.records ? "record.lookup" : "score.lookup",
            target: who.entity_id,
            detail: { period, run, indicator: options.records ?? null },
          });
          if (options.records) await printRecords(published, who, options);
          else {
            const explanation = await readExplanation(published, who, options);
            printResult(options.json, explanation, describeExplanation(explanation));
          }
        } finally {
          published.store.close();
        }
        return undefined;
      }),
    );
}

interface Named {
  readonly entity_id: string;
  readonly name_zh: string;
  readonly name_en: string;
}

async function findEntity({ store, sql, folder }: PublishedPeriod, entity: string): Promise<Named> {
  const entities = JSON.stringify(await findBodies(store, entity));
  const found = await store.rows<Named>(sql("find-entity"), { entities });
  if (found.length === 1) return found[0] as Named;
  const near = found.length > 1 ? found : await store.rows<Named>(sql("entities-like"), { entity });
  throw new Error(
    near.length === 0
      ? `${folder} knows no entity "${entity}"; "zhengxin rank" lists them.`
      : `"${entity}" is not one entity; did you mean ${near.map((one) => `${one.entity_id} ${bothNames(one.name_zh, one.name_en)}`).join(", ")}?`,
  );
}

async function readExplanation(
  { store, sql, period, asOf, run }: PublishedPeriod,
  who: Named,
  options: ExplainOptions,
): Promise<Explanation> {
  const now = parsePeriod(period);
  const before = (options.since === "last-year" ? periodLastYear(now) : shiftPeriod(now, -1)).id;
  const entity = who.entity_id;
  const contributions = await store.rows<ExplainedContribution>(sql("contributions"), {
    period,
    entity,
    before,
  });
  const ranking = await store.rows<RankRow>(sql("ranking"), { period, level: null });
  return {
    ...who,
    period,
    before: contributions.some(({ moved }) => moved !== null) ? before : null,
    as_of: asOf,
    run,
    rank: ranking.find((row) => row.entity_id === entity),
    nodes: await store.rows(sql("nodes"), { period, entity }),
    contributions,
    records: await store.rows(sql("details"), { period, entity, limit: Number(options.limit) }),
  };
}

/** The evidence itself is not published; it is read from the working database, as known at the published as-of time. */
async function printRecords(published: PublishedPeriod, who: Named, options: ExplainOptions) {
  const evidence = await withRequest(
    options.pipeline,
    { ...options, period: published.period, asOf: published.asOf },
    async (config, request) => {
      const context = await openContext(config, request);
      try {
        const indicator = context.indicators.get(options.records as string);
        const found = await readEvidence(context, {
          indicatorId: options.records as string,
          entityId: who.entity_id,
          period: context.period,
          limit: Number(options.limit),
        });
        return { ...found, counting: indicator ? describeCounting(indicator) : null };
      } finally {
        context.store.close();
      }
    },
  );
  printResult(
    options.json,
    { ...who, period: published.period, indicator: options.records, ...evidence },
    [
      `${bothNames(who.name_zh, who.name_en)}  ${published.period}  ${options.records}: ${evidence.total} record(s)`,
      ...(evidence.counting ? [evidence.counting.zh, evidence.counting.en] : []),
      ...evidence.rows.map(
        (row) =>
          `${row.occurred_on}  ${describeEvidence(row)}  ${row.category ?? ""}  ${row.record_key ?? ""}  ${row.source_id} ${row.file_name}:${row.line}  sha256 ${row.file_hash?.slice(0, 12)}`,
      ),
      ...(evidence.total > evidence.rows.length ? [`… --limit ${evidence.total} lists all`] : []),
    ].join("\n"),
  );
}

function describeEvidence(row: EvidenceRow): string {
  if (row.undelivered) return "undelivered";
  return row.excluded ? "excluded" : describeFraction(row);
}
