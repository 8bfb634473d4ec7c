import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, expect, test } from "vitest";
import { LINE, runPipeline } from "../../src/run.ts";
import { publishedFolder, readPublished, removeFolders } from "../end-to-end/tiny-workspace.ts";
import { makeRecordCity, runJune } from "./tiny-records.ts";

afterAll(removeFolders);

const JULY = "2018-07-10 00:00:00";

test("stages run one by one do not answer an earlier question with what was learnt since", async () => {
  const config = makeRecordCity({ narrow: true });
  const samples = join(config.workspace, "data-samples");
  // Two orders of a code that nobody knows in July, so they are set aside.
  writeFileSync(
    join(samples, "orders", "orders-known-2018-07-08.csv"),
    `合成数据 Synthetic,,,,,,,,,
工单编号,承办单位代码,类别,诉求内容,受理时间,办结时限,办结时间,重复工单号,来电人,是否解决
L1,999801,噪音,合成,2018-06-02 10:00:00,2018-06-10 18:00:00,2018-06-30 09:00:00,,合成,是
L2,999801,噪音,合成,2018-06-02 10:00:00,2018-06-10 18:00:00,2018-06-30 09:00:00,,合成,是
`,
  );
  const then = await runJune(config, JULY);
  then.context.store.close();
  const published = await readPublished(publishedFolder(then));
  rmSync(join(config.dataDir, "tiny", "published"), { recursive: true });
  // In August it turns out to be one of East Lake's, and both orders are taken.
  writeFileSync(
    join(samples, "aliases", "aliases-2018-08-01.csv"),
    "合成数据 Synthetic,,,,\n旧代码,现代码,启用,停用,推送\n999801,999901,2010-01-01,,2018-08-01 07:00:00\n",
  );
  const later = await runJune(config, "2018-08-02 00:00:00");
  const taken = await later.context.store.row<{ orders: number }>(
    "SELECT count(*) AS orders FROM known.complaint WHERE record_key IN ('L1', 'L2')",
  );
  later.context.store.close();
  expect(taken).toEqual({ orders: 2 });

  const request = {
    ...{ pipeline: "tiny", period: "2018-06", asOf: JULY, log: pino({ level: "silent" }) },
  };
  const apart: string[] = [];
  for (const { stage } of LINE) {
    const result = await runPipeline(config, request, { from: stage, through: stage });
    result.context.store.close();
    expect(result.outcomes.map((one) => one.stage)).toEqual([stage]);
    const [outcome] = result.outcomes;
    if (outcome?.notes.some(({ en }) => en.includes("a database of its own"))) apart.push(stage);
    if (stage === "publish") {
      expect(result.context.runId).toBe(then.context.runId);
      expect(await readPublished(publishedFolder(result))).toEqual(published);
    }
  }
  expect(apart).toEqual(["check", "measure", "score", "warn", "publish"]);
}, 240_000);
