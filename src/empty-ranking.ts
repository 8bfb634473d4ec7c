import type { Context } from "./context.ts";
import { pickByLevel } from "./standard/evaluation-standard.ts";
import { sqlFile } from "./store/sql-file.ts";

const sql = sqlFile(import.meta.dirname, "empty-ranking.sql");

interface Sentence {
  readonly zh: string;
  readonly en: string;
}

interface Bodies {
  readonly level: string;
  readonly known: number;
  readonly in_force: number;
  readonly first_day: string;
  /** Day after which none is in force; null while one has no end. */
  readonly end_day: string | null;
}

interface Standing {
  readonly level: string;
  readonly bodies: number;
  readonly scored: number;
  readonly coverage: number;
  readonly scored_coverage: number | null;
}

interface Indicator {
  readonly level: string;
  readonly indicator_id: string;
  readonly with_value: number;
  readonly most: number;
  readonly scored: number;
  readonly too_few: number;
  readonly no_data: number;
  readonly not_applicable: number;
}

interface Finding {
  readonly source_id: string | null;
  readonly message_zh: string;
  readonly message_en: string;
}

/** How many findings of checks are told before the others are counted. */
const FOUND = 8;

/** How many indicators a sentence names before it counts the others. */
const NAMED = 5;

/**
 * Why nobody is ranked in the context's period, level by level, from the run's scores: nobody in force, no values, too few
 * peers, too little coverage. One text, English first as errors are, then Chinese.
 */
export async function explainEmptyRanking(context: Context): Promise<string> {
  const { store, standard, period, asOf, runId } = context;
  const parameters = { run_id: runId, period: period.id };
  const bodies = await store.rows<Bodies>(sql("bodies"), { end: period.end });
  const standings = await store.rows<Standing>(sql("standings"), parameters);
  const indicators = await store.rows<Indicator>(sql("indicators"), parameters);
  const causes = Object.entries(standard.levels).map(([level, { zh, en }]): Sentence => {
    const cause = findCause(
      context,
      level,
      bodies.find((one) => one.level === level),
      standings.find((one) => one.level === level),
      indicators.filter((one) => one.level === level),
    );
    return { zh: `${zh}：${cause.zh}`, en: `${en}: ${cause.en}` };
  });
  const all = [...causes, ...noteForce(context), ...(await tellFindings(context))];
  return [
    `Nobody can be ranked in ${period.id} from what was known at ${asOf}, so nothing is published.`,
    ...all.map(({ en }) => `- ${en}`),
    `${period.id}期按${asOf}所知没有任何单位可以排名，未发布任何内容。`,
    ...all.map(({ zh }) => `- ${zh}`),
  ].join("\n");
}

/** What the checks of the run found amiss, those of refused files first: what is lacking may lie there. */
async function tellFindings({ store, sources, runId }: Context): Promise<Sentence[]> {
  const found = await store.rows<Finding>(sql("findings"), { run_id: runId });
  const told = found.slice(0, FOUND).map(({ source_id, message_zh, message_en }): Sentence => {
    const title = sources.find(({ source }) => source === source_id)?.title;
    // Some sentences name their source themselves.
    if (!title || message_zh.startsWith(title.zh)) return { zh: message_zh, en: message_en };
    return { zh: `${title.zh}：${message_zh}`, en: `${title.en}: ${message_en}` };
  });
  const more = found.length - told.length;
  if (more === 0) return told;
  return [
    ...told,
    {
      zh: `另有 ${more} 项检查未通过，见 zhengxin status。`,
      en: `${more} more check(s) failed; "zhengxin status" lists them.`,
    },
  ];
}

function findCause(
  context: Context,
  level: string,
  bodies: Bodies | undefined,
  standing: Standing | undefined,
  indicators: readonly Indicator[],
): Sentence {
  const { end } = context.period;
  if (!bodies || bodies.known === 0) {
    return {
      zh: "没有已知的参评单位。请检查单位名录的来源是否送达、层级是否写对。",
      en: "no body of this level is known. See whether the source of the register has delivered, and under which level.",
    };
  }
  if (bodies.in_force === 0 || !standing) {
    const gone = bodies.end_day !== null && bodies.end_day <= end;
    return gone
      ? {
          zh: `${bodies.known}个单位到${end}都已失效（最晚至${bodies.end_day}）。请更正名录的valid_to，或改评更早的期间。`,
          en: `none of its ${bodies.known} bodies is in force on ${end}: the last ended on ${bodies.end_day}. Correct valid_to in the register, or ask for an earlier period.`,
        }
      : {
          zh: `${bodies.known}个单位在${end}都未生效（最早自${bodies.first_day}起）。请更正名录的valid_from，或改评更晚的期间。`,
          en: `none of its ${bodies.known} bodies is in force on ${end}: the first is from ${bodies.first_day}. Correct valid_from in the register, or ask for a later period.`,
        };
  }
  if (standing.scored > 0) return tellCoverage(context, level, standing, indicators);
  if (indicators.every(({ with_value }) => with_value === 0))
    return tellStates(context, indicators);
  const scored = indicators.some((one) => one.scored > 0);
  return scored ? tellGaps(context, standing, indicators) : tellPeers(context, level, indicators);
}

/** Scores are there, but too little of the weight is assessed for anybody. */
function tellCoverage(
  { standard, period }: Context,
  level: string,
  { scored, scored_coverage: coverage }: Standing,
  indicators: readonly Indicator[],
): Sentence {
  const { minimum_coverage: least = 0, minimum_assessed: whole = 0 } = standard.levels[level] ?? {};
  const lacking = listWithout(indicators);
  const short = (coverage ?? 0) < least - 1e-9;
  const [zh, en] = short
    ? [
        `${scored}个单位有得分，但可评指标最多占应评权重的${percent(coverage ?? 0)}，低于minimum_coverage ${percent(least)}`,
        `${scored} bodies have a score, but at most ${percent(coverage ?? 0)} of the applicable weight is assessed, less than minimum_coverage, ${percent(least)}`,
      ]
    : [
        `${scored}个单位有得分，但没有一个同时达到minimum_coverage和全部权重的minimum_assessed ${percent(whole)}`,
        `${scored} bodies have a score, but none has minimum_assessed, ${percent(whole)}, of the whole weight assessed along with minimum_coverage`,
      ];
  return {
    zh: `${zh}${lacking.zh}。请补齐数据（zhengxin coverage --period ${period.id} 列出各指标），或在标准中更改该要求。`,
    en: `${en}${lacking.en}. Deliver what is missing ("zhengxin coverage --period ${period.id}" lists the indicators), or change the requirement in the standard.`,
  };
}

/** No indicator has a value for anybody. */
function tellStates({ period }: Context, indicators: readonly Indicator[]): Sentence {
  const count = (state: "no_data" | "too_few" | "not_applicable") =>
    indicators.filter((one) => one[state] > 0).length;
  const [none, few, not] = [count("no_data"), count("too_few"), count("not_applicable")];
  return {
    zh: `${indicators.length}项指标都没有值（对部分或全部单位：${none}项无数据，${few}项样本少于minimum_sample，${not}项不适用）。zhengxin coverage --period ${period.id} 列出各指标。`,
    en: `none of its ${indicators.length} indicators has a value (for some bodies or all: ${none} without data, ${few} with fewer cases than minimum_sample, ${not} not applicable). "zhengxin coverage --period ${period.id}" lists them.`,
  };
}

/** Values are there, but none becomes a score: too few to compare, nothing to divide by, or bodies screened out. */
function tellPeers(
  { standard, period }: Context,
  level: string,
  indicators: readonly Indicator[],
): Sentence {
  const causes = indicators
    .filter(({ with_value }) => with_value > 0)
    .map(({ indicator_id: id, most }): Sentence => {
      const entry = standard.indicators.find(({ indicator }) => indicator === id);
      const name = pickByLevel(entry?.normalise, level) ?? standard.defaults?.normalise ?? "";
      const rule = standard.normalisations[name];
      const least = rule && "minimum_peers" in rule ? (rule.minimum_peers ?? 2) : 2;
      const compares = rule !== undefined && "minimum_peers" in rule ? true : most < 2;
      if (compares && most < least) {
        return {
          zh: `${id}在同类中最多${most}个单位有值，少于normalisations.${name}的minimum_peers ${least}`,
          en: `${id} has a value for at most ${most} bodies of a peer class, fewer than minimum_peers of normalisations.${name}, ${least}`,
        };
      }
      const divided = pickByLevel(entry?.denominate, level);
      if (divided !== undefined) {
        return {
          zh: `${id}要除以${divided}，而它没有可用的值`,
          en: `${id} is divided by ${divided}, which has no value to divide by`,
        };
      }
      return standard.screening
        ? { zh: `${id}的单位未通过screening`, en: `the bodies of ${id} do not pass screening` }
        : { zh: `${id}有值但不能换算`, en: `${id} has values that cannot be scored` };
    });
  const more = causes.length - NAMED;
  return {
    zh: `有值的指标都不能换算成得分：${causes
      .slice(0, NAMED)
      .map(({ zh }) => zh)
      .join(
        "；",
      )}${more > 0 ? `；另有${more}项` : ""}。zhengxin coverage --period ${period.id} 列出各指标。`,
    en: `no value becomes a score: ${causes
      .slice(0, NAMED)
      .map(({ en }) => en)
      .join(
        "; ",
      )}${more > 0 ? `; and ${more} more` : ""}. "zhengxin coverage --period ${period.id}" lists the indicators.`,
  };
}

/** Some indicators are scored, but the rule for missing ones leaves the index without a score. */
function tellGaps(
  { standard, period }: Context,
  { coverage }: Standing,
  indicators: readonly Indicator[],
): Sentence {
  const { missing } = standard;
  const rule =
    missing.rule === "reweight"
      ? `missing.minimum_coverage ${percent(missing.minimum_coverage)}`
      : `missing.rule ${missing.rule}`;
  const lacking = listWithout(indicators);
  return {
    zh: `部分指标有得分，但按${rule}（或某节点自己的missing）指数没有得分，可评指标最多占应评权重的${percent(coverage)}${lacking.zh}。zhengxin coverage --period ${period.id} 列出各指标。`,
    en: `some indicators are scored, but by ${rule} (or a node's own "missing") the index has no score; at most ${percent(coverage)} of the applicable weight is assessed${lacking.en}. "zhengxin coverage --period ${period.id}" lists the indicators.`,
  };
}

/** Indicators that are scored for nobody. */
function listWithout(indicators: readonly Indicator[]): Sentence {
  const lacking = indicators.filter(({ scored }) => scored === 0).map((one) => one.indicator_id);
  if (lacking.length === 0) return { zh: "", en: "" };
  const names = lacking.slice(0, NAMED).join(", ");
  const more = lacking.length - NAMED;
  return {
    zh: `；无人可评的指标：${names}${more > 0 ? `等${lacking.length}项` : ""}`,
    en: `; assessed for nobody: ${names}${more > 0 ? ` and ${more} more` : ""}`,
  };
}

/** A standard that is not in force stops no ranking, but often goes with a period asked for by mistake. */
function noteForce({ standard: { id, effective }, period }: Context): Sentence[] {
  const { from, to } = effective;
  if (period.end >= from && (to === undefined || period.end <= to)) return [];
  return [
    {
      zh: `另外，标准${id}在${period.id}期不生效（生效期${from}至${to ?? "今"}）。`,
      en: `besides, the standard ${id} is not in force in ${period.id} (in force from ${from}${to ? ` to ${to}` : ""}).`,
    },
  ];
}

function percent(share: number): string {
  return `${Math.floor(share * 1000 + 1e-6) / 10}%`;
}
