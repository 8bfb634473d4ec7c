/** What a sentence on a warning says, as somebody finds who has nothing but the sentence. */
export interface ReadSentence {
  readonly value: number;
  readonly line: number;
  readonly level: string;
  readonly stands: "beyond" | "between" | "calm" | "ended";
  /** Which side of the line is the bad one. */
  readonly side: "higher" | "lower";
  /** Period of the value, where the sentence names one. */
  readonly at: string | undefined;
  readonly since: string | undefined;
  readonly ended: string | undefined;
}

const CHINESE_LEVELS: Record<string, string> = { 黄色: "yellow", 橙色: "orange", 红色: "red" };

const CHINESE =
  /^(?<subject>.*?)(?<at>\d{4}年\d+月)?(?<verb>为|同比|较3个月前)(?<move>增长|上升|下降|持平)?(?<value>-?[\d.]*)(?<unit>亿元|%|元|件|个百分点)?，(?<was>曾)?(?<side>达到|超过|低于)(?<level>..)预警线（(?<line>.*?)）(?<rest>.*)$/;

export function readChinese(sentence: string): ReadSentence {
  const found = CHINESE.exec(sentence)?.groups as Record<string, string | undefined>;
  const rest = found.rest ?? "";
  const line = /^(增长|上升|下降|持平)?(-?[\d.]*)(亿元)?/.exec(found.line ?? "");
  const since = /(?:自|，)(\d{4})年(\d+)月起为(..)/.exec(rest);
  const ended = /，(\d{4})年(\d+)月解除/.exec(rest);
  const falls = line?.[1] === "下降" || (line?.[1] === "持平" && found.side === "低于");
  return {
    value: signed(found.move, found.value, found.unit),
    line: signed(line?.[1], line?.[2], line?.[3]),
    level: CHINESE_LEVELS[found.level ?? ""] ?? "",
    stands: ended
      ? "ended"
      : rest.includes("尚未达到解除标准")
        ? "between"
        : rest.includes("已达到解除标准")
          ? "calm"
          : "beyond",
    side: found.side === "低于" || falls ? "lower" : "higher",
    at: found.at === undefined ? undefined : chinesePeriod(found.at),
    since: since ? chinesePeriod(`${since[1]}年${since[2]}月`) : undefined,
    ended: ended ? chinesePeriod(`${ended[1]}年${ended[2]}月`) : undefined,
  };
}

function chinesePeriod(text: string): string {
  const [year, month] = text.split(/[年月]/);
  return `${year}-${month?.padStart(2, "0")}`;
}

const ENGLISH =
  /^(?<subject>.*?)(?:, (?<at>[A-Z][a-z]+ \d{4}))?: (?<move>a rise of |a fall of |no change)?(?<value>-?[\d.]*)%? ?(?<unit>million yuan|yuan|objections?|points?)?(?: in \d+ months)?, (?<was>was )?(?<side>at or above|above|below|beyond) the (?<level>\w+) warning line \((?<line>.*?)\)(?<rest>.*)$/;

export function readEnglish(sentence: string): ReadSentence {
  const found = ENGLISH.exec(sentence)?.groups as Record<string, string | undefined>;
  const rest = found.rest ?? "";
  const line = /^(a rise of |a fall of |no change)?(-?[\d.]*)%? ?(million yuan)?/.exec(
    found.line ?? "",
  );
  const since = /(since|from) ([A-Z][a-z]+ \d{4})/.exec(rest);
  const ended = /released in ([A-Z][a-z]+ \d{4})/.exec(rest);
  const isLow = found.side === "below" || found.side === "beyond";
  return {
    value: signed(found.move, found.value, found.unit),
    line: signed(line?.[1], line?.[2], line?.[3]),
    level: found.level ?? "",
    stands: ended
      ? "ended"
      : rest.includes("does not yet meet the standard")
        ? "between"
        : rest.includes("meets the standard")
          ? "calm"
          : "beyond",
    side: isLow ? "lower" : "higher",
    at: found.at === undefined ? undefined : englishPeriod(found.at),
    since: since ? englishPeriod(since[2] as string) : undefined,
    ended: ended ? englishPeriod(ended[1] as string) : undefined,
  };
}

const MONTHS =
  "January February March April May June July August September October November December";

function englishPeriod(text: string): string {
  const [name, year] = text.split(" ");
  const month = MONTHS.split(" ").indexOf(name as string) + 1;
  return `${year}-${String(month).padStart(2, "0")}`;
}

function signed(
  move: string | undefined,
  figure: string | undefined,
  unit: string | undefined,
): number {
  if (move === "持平" || move === "no change") return 0;
  const scale = unit === "亿元" ? 1e8 : unit === "million yuan" ? 1e6 : 1;
  const size = Number(figure) * scale;
  return move === "下降" || move === "a fall of " ? -size : size;
}
