import type { Mutation } from "./mutation.ts";
import { COLUMNS, HEADERS, LICENCE_HEADERS } from "./of-columns.ts";
import { BYTES, ENCODING, FILES } from "./of-files.ts";
import { REGISTER, ROWS } from "./of-rows.ts";
import { CODES, DAYS, NUMBERS, TIMES } from "./of-values.ts";

export const MUTATIONS: readonly Mutation[] = [
  ...HEADERS,
  ...LICENCE_HEADERS,
  ...COLUMNS,
  ...ROWS,
  ...REGISTER,
  ...FILES,
  ...BYTES,
  ENCODING,
  ...CODES,
  ...TIMES,
  ...DAYS,
  ...NUMBERS,
];
