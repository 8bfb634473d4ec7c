import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { isValid, parseISO } from "date-fns";
import { isThere, readText } from "../whole-file.ts";
import type { PipelineDefinition } from "./pipeline-definition.ts";
import type { Fault, YamlDocument } from "./yaml-document.ts";

/** What one unit of a currency is in the pipeline's, from a day on until the next rate of the currency. */
export interface ExchangeRate {
  /** ISO 4217, as USD. */
  readonly currency: string;
  /** ISO day. */
  readonly from: string;
  /** A decimal number as it was written. */
  readonly rate: string;
}

/** The currency in which a pipeline counts money. */
export function currencyOf({ currency }: Pick<PipelineDefinition, "currency">): string {
  return currency ?? "CNY";
}

/** As exact as a product with an amount can be kept. */
const RATE = /^\d{1,8}(\.\d{1,10})?$/;

/**
 * Reads the rates a pipeline names; none when it names none. The CSV has the columns currency, from, rate and source.
 * @throws Error in a sentence with file and line when it is absent or a line cannot be used
 */
export function readRates(
  workspace: string,
  pipeline: Pick<PipelineDefinition, "pipeline" | "currency" | "rates">,
): readonly ExchangeRate[] {
  const { rates } = pipeline;
  if (rates === undefined) return [];
  const file = join(workspace, rates);
  if (!isThere(file)) {
    throw new Error(
      `流水线“${pipeline.pipeline}”所写的汇率表 ${rates} 不存在。The pipeline "${pipeline.pipeline}" names the rates ${rates}, which do not exist.`,
    );
  }
  const own = currencyOf(pipeline);
  const told = new Set<string>();
  return readLines(file, rates).map(({ record, info }) => {
    const { currency = "", from = "", rate = "", source = "" } = record;
    const refuse = (zh: string, en: string) =>
      new Error(`${rates}:${info.lines}：${zh}${rates}:${info.lines}: ${en}`);
    if (!/^[A-Z]{3}$/.test(currency) || currency === own) {
      throw refuse(
        `“${currency}”不是 ${own} 以外的币种代码（ISO 4217，如 USD）。`,
        `"${currency}" is no code of a currency other than ${own} (ISO 4217, as USD).`,
      );
    }
    if (!/^\d{4}-\d{2}-\d{2}$/.test(from) || !isValid(parseISO(from))) {
      throw refuse(
        `“${from}”不是日期，请写 2018-01-01。`,
        `"${from}" is no day; write 2018-01-01.`,
      );
    }
    if (!RATE.test(rate) || Number(rate) === 0) {
      throw refuse(
        `“${rate}”不是汇率，请写一单位该币种合多少 ${own}，最多十位小数。`,
        `"${rate}" is no rate; write what one unit is in ${own}, with ten digits behind the point at most.`,
      );
    }
    if (source === "") {
      throw refuse("没有写明来源（source）。", "the source is missing: say whose rate it is.");
    }
    if (told.has(`${currency} ${from}`)) {
      throw refuse(
        `${currency} 自 ${from} 起的汇率重复。`,
        `${currency} has two rates from ${from}; leave one.`,
      );
    }
    told.add(`${currency} ${from}`);
    return { currency, from, rate };
  });
}

/** What is amiss with the rates a pipeline names. */
export function findRateFaults(
  workspace: string,
  { value, fault }: YamlDocument<PipelineDefinition>,
): Fault[] {
  try {
    readRates(workspace, value);
    return [];
  } catch (error) {
    return [fault(["rates"], (error as Error).message)];
  }
}

interface Line {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

function readLines(file: string, name: string): Line[] {
  try {
    return parse(readText(file), { bom: true, columns: true, info: true, trim: true }) as never;
  } catch (error) {
    throw new Error(
      `汇率表 ${name} 无法读取：${(error as Error).message}。${name} cannot be read: ${(error as Error).message}.`,
    );
  }
}
