import {
  addEntity,
  addFact,
  addItem,
  type City,
  makeIndicator,
  mapIndicators,
  markMeasured,
  openCity,
} from "./city.ts";

export const INDICATORS = mapIndicators(
  makeIndicator("A/closed"),
  makeIndicator("A/delay", {
    direction: "lower",
    aggregate: "median",
    scale: 1,
    unit: { zh: "天", en: "days" },
  }),
  makeIndicator("B/kept"),
  makeIndicator("B/repeat", { direction: "lower" }),
  makeIndicator("records", { aggregate: "list" }),
  makeIndicator("honours", { aggregate: "list" }),
  makeIndicator("debtor", { aggregate: "list" }),
);

export const STANDARD = `
standard: test
version: "1"
title: { zh: 测试标准, en: Test standard }
effective: { from: 2018-01-01 }
window_months: { value: 12, assumption: true }
levels:
  district: { zh: 区市, en: Districts, minimum_coverage: 0.6, assumption: true }
peer_classes:
  - { id: district, level: district, zh: 区市, en: districts }
missing: { rule: reweight, minimum_coverage: 0.3, not_applicable: excluded, assumption: true }
nodes:
  - { id: index, title: { zh: 指数, en: Index }, weight: { district: 100 }, assumption: true }
  - { id: A, parent: index, title: { zh: 甲, en: A }, weight: { district: 60 }, assumption: true }
  - id: B
    parent: index
    title: { zh: 乙, en: B }
    weight: { district: 40 }
    aggregation: { method: geometric, floor: 1 }
    assumption: true
indicators:
  - { indicator: A/closed, parent: A, weight: { district: 40 }, normalise: share, assumption: true }
  - { indicator: A/delay, parent: A, weight: { district: 20 }, normalise: peers, assumption: true }
  - { indicator: B/kept, parent: B, weight: { district: 20 }, normalise: whole, assumption: true }
  - { indicator: B/repeat, parent: B, weight: { district: 20 }, normalise: table, assumption: true }
normalisations:
  share: { method: goalposts, low: 50, high: 100, assumption: true }
  whole: { method: goalposts, low: 0, high: 100, assumption: true }
  peers: { method: min_max, minimum_peers: 2, when_equal: 100, assumption: true }
  table:
    method: points
    bands: [{ below: 10, points: 100 }, { from: 10, below: 50, points: 60 }, { from: 50, points: 0 }]
    assumption: true
deductions:
  - id: dishonesty
    title: { zh: 失信扣分, en: Dishonesty records }
    indicator: records
    points: { minor: 0.5, general: 2, serious: 5 }
    decay: { method: half_life, months: 12 }
    window_months: 24
    maximum: 6
    assumption: true
bonuses:
  - { id: honour, title: { zh: 荣誉加分, en: Honours }, indicator: honours, points: { national: 3 }, window_months: 12, maximum: 4, assumption: true }
vetoes:
  - { id: judgment, title: { zh: 失信被执行人, en: Judgment debtor }, indicator: debtor, cap: C, assumption: true }
bounds: { minimum: 0, maximum: 100, assumption: true }
grades:
  - { id: A, zh: 优秀, en: Excellent, colour: "#1a7f4b", from: 90, assumption: true }
  - { id: B, zh: 良好, en: Good, colour: "#7fb341", from: 80, below: 90, assumption: true }
  - { id: C, zh: 合格, en: Fair, colour: "#f2b134", from: 60, below: 80, assumption: true }
  - { id: D, zh: 不合格, en: Poor, colour: "#c9372c", below: 60, assumption: true }
`;

/** November and December of three districts; the sums are worked out in three-districts.test.ts. */
export async function openThreeDistricts(): Promise<City> {
  const city = await openCity(STANDARD, INDICATORS);
  const { store } = city;
  await markMeasured(city);
  const december = {
    east: { closed: 90, delay: 5, kept: 64, repeat: 5 },
    west: { closed: 75, delay: 15, kept: 25, repeat: 9.99 },
    south: { closed: 100, delay: 10, kept: 60, repeat: 10 },
  };
  for (const [entity, values] of Object.entries(december)) {
    await addEntity(store, entity);
    for (const period of ["2018-11", "2018-12"]) {
      const closed = entity === "east" && period === "2018-11" ? 80 : values.closed;
      await addFact(store, {
        indicator: "A/closed",
        entity,
        period,
        value: closed,
        numerator: closed,
        denominator: 100,
      });
      await addFact(store, { indicator: "A/delay", entity, period, value: values.delay });
      await addFact(store, { indicator: "B/kept", entity, period, value: values.kept });
      await addFact(store, { indicator: "B/repeat", entity, period, value: values.repeat });
    }
  }
  for (const [period, noise] of [
    ["2018-11", 30],
    ["2018-12", 40],
  ] as const) {
    for (const [category, numerator] of [
      ["噪声", noise],
      ["道路", 50],
    ] as const) {
      await store.run(
        "INSERT INTO facts.category VALUES ($print, 'east', $category, $numerator, 50, 50)",
        {
          print: `A/closed|${period}`,
          category,
          numerator,
        },
      );
    }
    // Known for a year, half of it is left in December.
    await addItem(store, {
      indicator: "records",
      entity: "east",
      category: "general",
      on: "2017-12-20",
      period,
    });
    // Repaired in December: it counts in November only.
    await addItem(store, {
      indicator: "records",
      entity: "west",
      category: "minor",
      on: "2018-11-02",
      ended: "2018-12-31",
      period,
    });
  }
  await addItem(store, {
    indicator: "records",
    entity: "south",
    category: "serious",
    on: "2018-12-03",
    key: "S-1",
  });
  await addItem(store, {
    indicator: "records",
    entity: "south",
    category: "serious",
    on: "2018-12-04",
    key: "S-2",
  });
  await addItem(store, {
    indicator: "honours",
    entity: "south",
    category: "national",
    on: "2018-12-05",
    key: "H-1",
  });
  await addItem(store, {
    indicator: "honours",
    entity: "south",
    category: "national",
    on: "2018-12-06",
    key: "H-2",
  });
  await addItem(store, {
    indicator: "debtor",
    entity: "east",
    category: "listed",
    on: "2016-01-01",
  });
  return city;
}
