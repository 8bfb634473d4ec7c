import { afterEach, describe, expect, it } from "vitest";
import { measure } from "../../src/measure/measure.ts";
import { readEvidence } from "../../src/measure/read-evidence.ts";
import { parsePeriod } from "../../src/period.ts";
import { readIndicators } from "../../src/standard/workspace.ts";
import type { Store } from "../../src/store/store.ts";
import { makeContext, openWorld, readValues } from "./small-world.ts";

const JUNE = parsePeriod("2018-06");
let store: Store;
afterEach(() => store.close());

async function open() {
  store = await openWorld({
    complaint: [
      {
        entity_id: "S1",
        received_at: "2018-03-05 09:00:00",
        returned: true,
        record_key: "B",
        line: 7,
      },
      {
        entity_id: "D1",
        received_at: "2018-03-05 09:00:00",
        returned: false,
        record_key: "A",
        line: 9,
      },
      { entity_id: "D1", received_at: "2017-07-01 09:00:00", record_key: "C", line: 3 },
      { entity_id: "D1", received_at: "2017-06-30 09:00:00", returned: true, record_key: "D" },
      { entity_id: "D2", received_at: "2018-03-05 09:00:00", returned: true, record_key: "E" },
    ],
    dishonesty_record: [{ entity_id: "D1", decided_on: "2015-03-05", record_key: "OLD" }],
    task: [{ entity_id: "S1", due_on: "2018-03-05", record_key: "T" }],
  });
  await store.run(
    `INSERT INTO raw.file BY NAME SELECT 1 AS file_id, 'b' AS batch_id, 'hotline' AS source_id, 'orders/2018.csv.gz' AS file_name,
       'abc' AS file_hash, 10 AS bytes, 'csv' AS format, 5 AS row_count, 'x' AS parquet_path, TIMESTAMP '2018-07-01' AS received_at`,
  );
  const indicators = readIndicators(makeContext(store, [], ["2018-06"]).workspace);
  const some = ["B2/complaint-returned-share", "A2/dishonesty-records", "D2/task-overdue-share"];
  const context = makeContext(
    store,
    some.map((id) => indicators.get(id)!),
    ["2018-06"],
  );
  await measure(context);
  return context;
}

describe("the evidence behind a figure", () => {
  it("is each record with its file, line and hash, oldest first, the left-out ones too", async () => {
    const context = await open();
    const { rows, total } = await readEvidence(context, {
      indicatorId: "B2/complaint-returned-share",
      entityId: "D1",
      period: JUNE,
    });
    expect(total).toBe(3);
    expect(rows.map((row) => [row.record_key, row.entity_id, row.line, row.excluded])).toEqual([
      ["C", "D1", 3, true],
      ["A", "D1", 9, false],
      ["B", "S1", 7, false],
    ]);
    expect(rows[0]).toMatchObject({
      source_id: "hotline",
      file_name: "abc",
      file_hash: "abc",
    });
  });

  it("adds up to the figure, for every body and indicator", async () => {
    const context = await open();
    for (const value of await readValues(store)) {
      const { rows } = await readEvidence(context, {
        indicatorId: value.indicator_id,
        entityId: value.entity_id,
        period: JUNE,
      });
      const counted = rows.filter(({ excluded }) => !excluded);
      expect(counted.length).toBe(value.sample_size);
      expect(rows.length - counted.length).toBe(value.excluded);
      if (context.indicators.get(value.indicator_id)?.aggregate === "ratio") {
        const sum = counted.reduce((total, { numerator }) => total + Number(numerator), 0);
        expect(sum).toBe(Number(value.numerator ?? 0));
      }
    }
  });

  it("looks back without end for lists", async () => {
    const context = await open();
    const { rows } = await readEvidence(context, {
      indicatorId: "A2/dishonesty-records",
      entityId: "D1",
      period: JUNE,
    });
    expect(rows.map(({ record_key }) => record_key)).toEqual(["OLD"]);
  });

  it("can be cut short, and still says how much there is", async () => {
    const context = await open();
    const { rows, total } = await readEvidence(context, {
      indicatorId: "B2/complaint-returned-share",
      entityId: "D1",
      period: JUNE,
      limit: 1,
    });
    expect([rows.length, total]).toEqual([1, 3]);
  });

  it("names the indicators there are when asked for another", async () => {
    const context = await open();
    await expect(
      readEvidence(context, { indicatorId: "B2/none", entityId: "D1", period: JUNE }),
    ).rejects.toThrow(/uses no indicator "B2\/none".*A2\/dishonesty-records/);
  });
});
