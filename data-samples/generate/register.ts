import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { type Day, dayOf } from "./days.ts";
import { createRandom } from "./random.ts";
import { makeUscc } from "./uscc.ts";

export type BodyKind =
  | "city"
  | "district"
  | "county-city"
  | "street"
  | "town"
  | "zone"
  | "department";

/** A body of government of the demo city. */
export interface Body {
  /** GB/T 2260 code, or for departments the unified social credit code. */
  readonly code: string;
  readonly uscc: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly kind: BodyKind;
  readonly parent: string | null;
  readonly population: number | null;
  readonly staff: number;
  /** Departments: three-digit number, class, yearly volumes. */
  readonly department?: {
    readonly number: string;
    readonly class: "regulatory" | "general";
    readonly complaints: number;
    readonly licences: number;
    readonly penalties: number;
    readonly projects: boolean;
  };
}

export interface Register {
  readonly all: readonly Body[];
  readonly districts: readonly Body[];
  readonly departments: readonly Body[];
  /** Subdistricts and towns. */
  readonly townships: readonly Body[];
  readonly zones: readonly Body[];
  body(code: string): Body;
  department(number: string): Body;
}

const CITY = "370200";

/** Jimo was 370282 before it became the district 370215. */
export const JIMO = "370215";
export const JIMO_BEFORE = "370282";
export const JIMO_CHANGED = dayOf("2017-10-01");

/** The code a body wrote on its papers on a day. */
export function codeOn(code: string, day: Day): string {
  return day < JIMO_CHANGED && code.startsWith(JIMO) && code.length <= 9
    ? JIMO_BEFORE + code.slice(6)
    : code;
}

const folder = join(import.meta.dirname, "register");

/** The bodies: real divisions and department names, synthetic codes, populations and staff. */
export function readRegister(seed: number): Register {
  const divisions = readDivisions(seed);
  const departments = readDepartments();
  const all = [...divisions, ...departments];
  const byCode = new Map(all.map((body) => [body.code, body]));
  const find = <T>(value: T | undefined, what: string): T => {
    if (value === undefined) throw new Error(`There is no body ${what} in the register.`);
    return value;
  };
  return {
    all,
    districts: divisions.filter(({ kind }) => kind === "district" || kind === "county-city"),
    departments,
    townships: divisions.filter(({ kind }) => kind === "street" || kind === "town"),
    zones: divisions.filter(({ kind }) => kind === "zone"),
    body: (code) => find(byCode.get(code), code),
    department: (number) =>
      find(
        departments.find(({ department }) => department?.number === number),
        number,
      ),
  };
}

function readDivisions(seed: number): Body[] {
  const random = createRandom(seed, "register");
  const rows = readTable("divisions.csv");
  const share = new Map(rows.map((row) => [row.code as string, townWeight(row.kind as string)]));
  function townWeight(kind: string): number {
    if (kind === "zone") return random.int(5, 12);
    return kind === "town" ? random.int(35, 80) : random.int(45, 130);
  }
  const sums = new Map<string, number>();
  for (const row of rows) {
    const parent = row.parent as string;
    sums.set(parent, (sums.get(parent) ?? 0) + (share.get(row.code as string) as number));
  }
  const populations = new Map(rows.map((row) => [row.code as string, Number(row.population)]));
  const city = [...populations.values()].reduce((sum, population) => sum + population, 0);
  const divisions = rows.map((row, place): Body => {
    const code = row.code as string;
    const parent = row.parent as string;
    const part = (share.get(code) as number) / (sums.get(parent) as number);
    const population =
      Number(row.population) ||
      Math.round(((populations.get(parent) as number) * part) / 100) * 100;
    const perHead = parent === CITY ? 900 : 1400;
    return {
      code,
      uscc: makeUscc("11", code.slice(0, 6), 2000 + place),
      nameZh: row.name_zh as string,
      nameEn: row.name_en as string,
      kind: row.kind as BodyKind,
      parent,
      population,
      staff: Math.max(20, Math.round(population / perHead)),
    };
  });
  return [
    {
      code: CITY,
      uscc: makeUscc("11", CITY, 1000),
      nameZh: "青岛市",
      nameEn: "Qingdao City",
      kind: "city",
      parent: null,
      population: city,
      staff: 12000,
    },
    ...divisions,
  ];
}

function readDepartments(): Body[] {
  return readTable("departments.csv").map((row) => {
    const uscc = makeUscc("11", CITY, Number(row.number));
    return {
      code: uscc,
      uscc,
      nameZh: row.name_zh as string,
      nameEn: row.name_en as string,
      kind: "department",
      parent: CITY,
      population: null,
      staff: Number(row.staff),
      department: {
        number: row.number as string,
        class: row.class as "regulatory" | "general",
        complaints: Number(row.complaints),
        licences: Number(row.licences),
        penalties: Number(row.penalties),
        projects: row.projects === "1",
      },
    };
  });
}

function readTable(name: string): Record<string, string>[] {
  return parse(readFileSync(join(folder, name)), { columns: true });
}
