import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeApp } from "../../src/serve/app.ts";
import { addToken, type NewToken } from "../../src/serve/auth/token-file.ts";
import { startServer } from "../../src/serve/server.ts";
import { copyTinyCity, JUNE, runTiny, tinyConfig } from "../end-to-end/tiny-workspace.ts";

export const MAY = { ...JUNE, period: "2018-05" };

/** Record events handed in, as the bundled city has them: without such a source nobody can object. */
const INBOX = `# Synthetic: an inbox of an invented city.
source: record-inbox
title: { zh: 失信记录事件（合成）, en: Record events (synthetic) }
owner: { zh: 信用办, en: Credit office }
kind: record_event
connector: { type: inbox }
format: { type: ndjson }
key: [record_key]
valid: { from: occurred_at }
known_at: { column: known_at }
columns:
  record_key: { from: event_id, required: true }
  entity_id: { from: entity, entity: [local, uscc, gb2260], required: true }
  of_record: { from: record, required: true }
  event: { from: event, codes: { dispute: dispute }, required: true }
  occurred_at: { from: occurred_at, required: true }
  actor_body: { from: actor_body, required: true }
`;

/** The tiny city with June of 2018 published, or other months too, and the web server's routes over it. */
export async function publishTinyCity(questions = [JUNE]) {
  const workspace = copyTinyCity();
  const config = tinyConfig(workspace);
  for (const question of questions) {
    const { context } = await runTiny(config, question);
    context.store.close();
  }
  writeFileSync(join(workspace, "pipelines", "sources", "record-inbox.yaml"), INBOX);
  const pipeline = join(workspace, "pipelines", "tiny.yaml");
  writeFileSync(
    pipeline,
    readFileSync(pipeline, "utf8").replace("debtors, honours]", "debtors, honours, record-inbox]"),
  );
  const app = makeApp({ config, isStopping: () => false, today: () => "2018-07-10" });
  return {
    config,
    app,
    /** Header of a new token. */
    bearer: (token: NewToken) => ({
      Authorization: `Bearer ${addToken(config, token).secret}`,
    }),
    /** Listens on a free port of loopback. */
    listen: () => startServer(app, "127.0.0.1", 0),
  };
}

export type PublishedCity = Awaited<ReturnType<typeof publishTinyCity>>;
