import { join } from "node:path";
import { audienceOfAlerts, escalateTo } from "../alert/escalate-to.ts";
import { audited } from "../audit/audited.ts";
import type { Config } from "../config.ts";
import { tellPresent } from "../present.ts";
import { jurisdictionFolder, WORKING_DATABASE } from "../run-context.ts";
import { keepSafe } from "../safekeeping.ts";
import type { Audience } from "../standard/audience.ts";
import { readWarnings } from "../standard/warning-definition.ts";
import { findPipeline } from "../standard/workspace.ts";
import { Store } from "../store/store.ts";
import { choosePipeline } from "./choose-pipeline.ts";
import { type CommonOptions, configFor } from "./command.ts";

/** Where alerts are worked on: the jurisdiction's database, and the time that counts. The caller closes the store. */
export interface AlertDesk {
  readonly store: Store;
  readonly config: Config;
  readonly dataDir: string;
  readonly pipeline: string;
  readonly jurisdiction: string;
  /** Civil time in the pipeline's zone. */
  readonly now: string;
  /** Seconds since 1970. */
  readonly seconds: number;
  /** Owners the pipeline's warning rules name, those of new alerts first. */
  readonly owners: readonly string[];
  /** To whom alerts of a warnings file are escalated. */
  readonly escalateTo: (warningsId: string) => string;
  /** For whom the alerts of a warnings file are. */
  readonly audienceOf: (warningsId: string) => Audience;
}

/** Opens the alerts of a pipeline, does something about them and writes down in the journal who did. */
export async function atDesk(
  verb: string,
  target: string,
  options: Parameters<typeof openAlerts>[0] & { readonly by?: string },
  work: (desk: AlertDesk) => Promise<void>,
): Promise<undefined> {
  const desk = await openAlerts(options);
  const { jurisdiction } = desk;
  try {
    const asked = { jurisdiction, actor: options.by, action: `alert.${verb}`, target };
    await audited(desk.config, asked, async () => {
      await work(desk);
      await keepSafe(desk.store);
    });
  } finally {
    desk.store.close();
  }
}

/** Opens the alerts of a pipeline. */
export async function openAlerts(
  options: CommonOptions & { readonly pipeline?: string; readonly at?: string },
): Promise<AlertDesk> {
  const config = configFor(options);
  const pipeline = findPipeline(
    config.workspace,
    choosePipeline(config.workspace, options.pipeline),
  );
  const definitions = (pipeline.warnings ?? []).map((id) => readWarnings(config.workspace, id));
  if (definitions.length === 0) {
    throw new Error(
      `The pipeline "${pipeline.pipeline}" has no warning rules; name some of metrics/warnings under "warnings" in pipelines/${pipeline.pipeline}.yaml.`,
    );
  }
  const dataDir = jurisdictionFolder(config, pipeline);
  const { now, seconds } = tellPresent(pipeline.time_zone);
  const owners = definitions.flatMap(({ owner, owners: named }) => [owner, ...Object.keys(named)]);
  return {
    store: await Store.open(join(dataDir, WORKING_DATABASE), config),
    config,
    dataDir,
    pipeline: pipeline.pipeline,
    jurisdiction: pipeline.jurisdiction,
    now: options.at ?? now,
    seconds,
    owners: [...new Set(owners)],
    escalateTo: escalateTo(definitions),
    audienceOf: audienceOfAlerts(definitions),
  };
}
