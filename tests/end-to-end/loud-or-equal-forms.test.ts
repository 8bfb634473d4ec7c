import { afterAll } from "vitest";
import { describeForm, tidyUp } from "./loud-or-equal/law.ts";
import { HEADERS, LICENCE_HEADERS } from "./loud-or-equal/of-columns.ts";

afterAll(tidyUp);

// What differs most from CSV is how columns are named; all other changes meet the same conform.
describeForm("parquet", [...HEADERS, ...LICENCE_HEADERS]);
