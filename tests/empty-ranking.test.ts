import { afterEach, expect, test } from "vitest";
import { explainEmptyRanking } from "../src/empty-ranking.ts";
import { score } from "../src/score/score.ts";
import { addEntity, addFacts, type City, type Fact, markMeasured, openCity } from "./score/city.ts";
import { INDICATORS, STANDARD } from "./score/three-districts.ts";

let city: City;
afterEach(() => city.store.close());

/** What is said of the district level when these bodies and facts are all there is. */
async function explain(
  bodies: readonly Parameters<typeof addEntity>[2][],
  facts: readonly Omit<Fact, "entity">[] = [],
  yaml = STANDARD,
) {
  city = await openCity(yaml, INDICATORS, { history: 0 });
  await markMeasured(city);
  for (const [place, body] of bodies.entries()) {
    await addEntity(city.store, `body${place}`, body);
    await addFacts(
      city.store,
      facts.map((fact) => ({ ...fact, entity: `body${place}` })),
    );
  }
  const { notes } = await score(city.context);
  return { text: await explainEmptyRanking(city.context), notes };
}

test("nobody is known", async () => {
  const { text } = await explain([]);
  expect(text).toMatch(/^Nobody can be ranked in 2018-12 from what was known at/);
  expect(text).toContain("- Districts: no body of this level is known.");
  expect(text).toContain("- 区市：没有已知的参评单位。");
});

test("nobody is in force yet, and the standard is not either", async () => {
  const yaml = STANDARD.replace("from: 2018-01-01", "from: 2019-01-01");
  const { text } = await explain([{ from: "2019-03-01" }, { from: "2019-04-01" }], [], yaml);
  expect(text).toContain(
    "- Districts: none of its 2 bodies is in force on 2018-12-31: the first is from 2019-03-01. Correct valid_from in the register, or ask for a later period.",
  );
  expect(text).toContain("2个单位在2018-12-31都未生效（最早自2019-03-01起）");
  expect(text).toContain("the standard test is not in force in 2018-12 (in force from 2019-01-01)");
  expect(text).not.toContain("zhengxin coverage");
});

test("no indicator has a value: how many for want of data, of cases, or because they do not apply", async () => {
  const { text, notes } = await explain(
    [{}, {}],
    [
      { indicator: "A/closed", state: "too_few" },
      { indicator: "B/kept", state: "not_applicable" },
    ],
  );
  expect(text).toContain(
    "none of its 4 indicators has a value (for some bodies or all: 2 without data, 1 with fewer cases than minimum_sample, 1 not applicable)",
  );
  expect(text).toContain(
    "4项指标都没有值（对部分或全部单位：2项无数据，1项样本少于minimum_sample，1项不适用）",
  );
  expect(notes.map(({ en }) => en)).toContain(
    "In 2018-12, 4 indicators have a value for nobody, and the rule for missing ones decides over their weight: A/closed (too_few), A/delay (no_data), B/kept (not_applicable), B/repeat (no_data).",
  );
  expect(notes.map(({ zh }) => zh).join("")).toContain("2018-12有4项指标对任何单位都没有值");
});

test("too few peers to compare with, by the normalisation's name", async () => {
  const yaml = STANDARD.replace("minimum_peers: 2", "minimum_peers: 3");
  const { text } = await explain([{}, {}], [{ indicator: "A/delay", value: 5 }], yaml);
  expect(text).toContain(
    "no value becomes a score: A/delay has a value for at most 2 bodies of a peer class, fewer than minimum_peers of normalisations.peers, 3.",
  );
  expect(text).toContain(
    "A/delay在同类中最多2个单位有值，少于normalisations.peers的minimum_peers 3",
  );
});

// A/delay alone carries 20 of 100: below the 30 % the index needs; A/closed and A/delay carry 60.
test("too little of the index is assessed for a score, or for a rank", async () => {
  const delay = { indicator: "A/delay", value: 5 };
  const one = await explain([{}, {}], [delay]);
  expect(one.text).toContain(
    'some indicators are scored, but by missing.minimum_coverage 30% (or a node\'s own "missing") the index has no score; at most 20% of the applicable weight is assessed; assessed for nobody: A/closed, B/kept, B/repeat.',
  );
  city.store.close();
  const yaml = STANDARD.replace("minimum_coverage: 0.6", "minimum_coverage: 0.7");
  const two = await explain([{}, {}], [delay, { indicator: "A/closed", value: 90 }], yaml);
  expect(two.text).toContain(
    "2 bodies have a score, but at most 60% of the applicable weight is assessed, less than minimum_coverage, 70%; assessed for nobody: B/kept, B/repeat.",
  );
  expect(two.text).toContain(
    "2个单位有得分，但可评指标最多占应评权重的60%，低于minimum_coverage 70%；无人可评的指标：B/kept, B/repeat。",
  );
  city.store.close();
  const whole = STANDARD.replace(
    "minimum_coverage: 0.6,",
    "minimum_coverage: 0.6, minimum_assessed: 0.8,",
  );
  const three = await explain([{}, {}], [delay, { indicator: "A/closed", value: 90 }], whole);
  expect(three.text).toContain(
    "2 bodies have a score, but none has minimum_assessed, 80%, of the whole weight assessed along with minimum_coverage; assessed for nobody: B/kept, B/repeat.",
  );
});

test("what the checks found is told with it, refused files first", async () => {
  await explain([]);
  await city.store.run(
    `INSERT INTO checks.result (run_id, check_id, source_id, severity, passed, failing_rows, message_zh, message_en) VALUES
     ($run, 'rows-set-aside', NULL, 'warn', false, 2, '两行被隔离。', 'Two rows were set aside.'),
     ($run, 'files-usable', NULL, 'stop', false, 1, '文件未采用。', 'The file was not used.'),
     ($run, 'freshness', NULL, 'warn', true, 0, '数据及时', 'The data is fresh')`,
    { run: city.context.runId },
  );
  const text = await explainEmptyRanking(city.context);
  expect(text).toMatch(/- The file was not used\.\n- Two rows were set aside\.\n/);
  expect(text).toMatch(/- 文件未采用。\n- 两行被隔离。$/);
  expect(text).not.toContain("fresh");
});
