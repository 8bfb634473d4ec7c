import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quoteLiteral, sqlFile } from "../../../src/store/sql-file.ts";
import { Store, type StoreOptions } from "../../../src/store/store.ts";
import { type City, MARK, type SampleSource } from "../city.ts";
import { CATEGORIES, type Chances, chancesOf, planComplaints } from "../complaint-plan.ts";
import { dayOf, FIRST_DAY, LAST_DAY, monthIndex, partsOf, writeDay } from "../days.ts";
import { deliveryAfter, LAST_DELIVERY } from "../deliveries.ts";
import { codeOn, JIMO_CHANGED } from "../register.ts";

const sql = sqlFile(import.meta.dirname, "mayor-mailbox.sql");

export const mayorMailbox: SampleSource = {
  id: "mayor-mailbox",
  title: { zh: "市长信箱", en: "Mayor's mailbox" },
  note: {
    zh: "Parquet，由 DuckDB SQL 按信件序号的散列成批生成，可生成任意多封（--complaints）。不含个人信息。合成标记在末列“数据性质”。",
    en: "Parquet, made set by set by DuckDB SQL from hashes of each letter's number; any number of letters can be made (--complaints). No personal data. The synthetic mark is the last column, 数据性质.",
  },
  async make(city) {
    const file = join(tmpdir(), `mailbox-${process.pid}.parquet`);
    try {
      await writeLetters(city, 20_000, file, { memory: "512MB", threads: 1 });
      return [{ name: "mailbox.parquet", bytes: readFileSync(file) }];
    } finally {
      await rm(file, { force: true });
    }
  },
};

/**
 * Writes any number of letters of the demo city's three years as one Parquet file. Memory stays bounded:
 * the letters stream from their numbers to the file.
 * @param count letters; a few more rows come of letters delivered twice
 */
export async function writeLetters(
  city: City,
  count: number,
  file: string,
  options: StoreOptions,
): Promise<void> {
  const store = await Store.open(":memory:", options);
  try {
    const lists = listsOf(city);
    await store.run(sql("give-lists"), { lists: JSON.stringify(lists) });
    for (const name of Object.keys(lists)) await store.run(sql("give-list", { name }));
    await store.run(sql("make-days"), { days: JSON.stringify(daysOf(city, count)) });
    const query = sql("letters");
    // Written in the order of the letters; ZSTD, since the file is to be small rather than quickly made.
    await store.run(
      `COPY (${query}) TO ${quoteLiteral(file)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)`,
      {
        seed: String(city.seed),
        mark: MARK,
        last_delivery: writeDay(LAST_DELIVERY),
      },
    );
  } finally {
    store.close();
  }
}

/** Lists that the SQL looks things up in by place; draws are places in lists of 4,096, 256 and 1,024. */
function listsOf(city: City) {
  const { handlers } = planComplaints(city);
  const codes = handlers.map(({ code }) => code);
  const chances = codes.flatMap((code) =>
    Array.from({ length: 36 }, (_, month) => {
      const day = dayOf(
        `${2016 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}-15`,
      );
      return chancesOf(city.quality(code, "complaints", day));
    }),
  );
  const thousandths = (name: keyof Chances) =>
    chances.map((chance) => Math.round(chance[name] * 1024));
  return {
    codes,
    old_codes: codes.map((code) => codeOn(code, FIRST_DAY)),
    names: handlers.map(({ name }) => name),
    handler_at: shareOut(
      // Letters go to departments and districts rather than to subdistricts.
      handlers.map(({ code, weight }) => (code.length === 9 ? weight * 0.35 : weight)),
      4096,
    ),
    category_names: CATEGORIES.map(({ name }) => name),
    category_limits: CATEGORIES.map(({ limit }) => limit),
    category_at: shareOut(
      CATEGORIES.map(({ weight }) => weight),
      256,
    ),
    minute_at: Array.from({ length: 1024 }, (_, place) => 420 + Math.floor((place * 840) / 1024)),
    workdays: workingDays(city),
    signed: thousandths("signed"),
    closed: thousandths("closed"),
    resolved: thousandths("resolved"),
    satisfied: thousandths("satisfied"),
    returned: thousandths("returned"),
    repeated: thousandths("repeated"),
    pace: thousandths("pace"),
  };
}

/** Places 0 … n-1 repeated in proportion to their weights, `length` in all. */
function shareOut(weights: readonly number[], length: number): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const places: number[] = [];
  let sum = 0;
  weights.forEach((weight, place) => {
    sum += weight;
    while (places.length < Math.round((sum / total) * length)) places.push(place);
  });
  return places;
}

function workingDays({ calendar }: City): string[] {
  const days: string[] = [];
  for (let day = FIRST_DAY; day <= LAST_DAY + 60; day++) {
    if (calendar.isWorking(day)) days.push(writeDay(day));
  }
  return days;
}

/** The days with the numbers of their letters, so that all days together have `count`. */
function daysOf(city: City, count: number) {
  const { days } = planComplaints(city);
  const total = days.reduce((sum, { weight }) => sum + weight, 0);
  let sum = 0;
  let low = 0;
  let workingDays = 0;
  const made: { day: string; month: number; low: number; high: number }[] = [];
  return days.map(({ day, weight }, place) => {
    sum += weight;
    const high = place === days.length - 1 ? count : Math.round((sum / total) * count);
    if (city.calendar.isWorking(day)) workingDays++;
    const weekAgo = made[place - 7];
    const row = {
      day: writeDay(day),
      month: monthIndex(day),
      low,
      high,
      working_days: workingDays,
      delivery: writeDay(deliveryAfter(day)),
      before_jimo: day < JIMO_CHANGED,
      week_ago: weekAgo?.day ?? partsOf(day).iso,
      week_ago_count: weekAgo ? weekAgo.high - weekAgo.low : 0,
    };
    made.push(row);
    low = high;
    return row;
  });
}
