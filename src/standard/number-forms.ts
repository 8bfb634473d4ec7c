/** The characters that people put between digits, one of them: no brackets, and no quotation marks that end a text of SQL. */
export const SEPARATORS = "[\\s\\p{Z}.,，、|·・‧•/_‐-―−~*=:：;；\\x22\\x27‘’“”…\\\\。〜～^-]";
/** Brackets and signs that may stand around the digits in the middle of a number as well. */
const AROUND = "[()（）【】\\[\\]<>《》「」{}｛｝+#]";

/** First digits that mobile telephones have: those given to operators, without the ones of machines. */
const MOBILE_PREFIX = "1(?:3[0-9]|4[5-9]|5[0-35-9]|6[2567]|7[0-8]|8[0-9]|9[0-35-9])";
/** Area codes that are given, by their second digit. */
const AREA = `0(?:10|2[0-57-9]|${[
  "3(?:1[0-9]|35|49|5[0-9]|7[0-9]|9[0-8])",
  "4(?:1[0-9]|2[179]|3[1-9]|40|5[0-9]|6[4789]|7[0-9]|8[23])",
  "5(?:1[0-9]|2[37]|3[0-9]|4[36]|5[0-9]|6[1-6]|7[0-9]|80|9[1-9])",
  "6(?:3[1-5]|6[0238]|9[12])",
  "7(?:01|1[0-9]|2[248]|3[0-9]|4[3-6]|5[0-9]|6[0-9]|7[0-9]|9[0-9])",
  "8(?:1[2-8]|2[5-7]|3[0-9]|5[1-9]|7[0-9]|8[36-8]|9[1-8])",
  "9(?:0[1-9]|1[0-9]|3[0-9]|4[1-3]|5[1-5]|7[0-9]|9[0-9])",
].join("|")})`;

/** Words in Latin letters that stand before the number of a telephone. */
export const LATIN_LABEL =
  "(?:[Tt][Ee][Ll]|[Pp][Hh][Oo][Nn][Ee]|[Mm][Oo][Bb](?:[Ii][Ll][Ee])?|[Ff][Aa][Xx]|SJ|DH|WX|VX)";
const CHINESE_LABELS = [
  "电话",
  "電話",
  "手机",
  "手機",
  "座机",
  "传真",
  "联系方式",
  "联系人",
  "致电",
  "拨打",
];
/** Numbers by which people are reached in messages. */
export const MESSAGES = "(?:[Qq]{2}|扣扣|抠抠|企鹅号|微信|薇信|[VvWw]信)";
/** Letters that stand for the name of a service of messages, with a colon and a name behind them. */
export const MESSAGE_NAME = "(?:[WwVv][Xx]|[Vv]|[Ww][Ee][Cc][Hh][Aa][Tt]) ?[:：]";
/** Words behind which a number of seven digits, or less, is a telephone or somebody's number in messages. */
export const NUMBER_WORDS = `(?:电话|電話|手机|手機|座机|传真|联系方式|致电|拨打|${MESSAGES})`;
/** Digits of a card among letters that stand for digits: 110105194912310O2X. */
export const CARD_WITH_LETTERS = "[1-9][0-9OoIl]{13,17}[0-9XxOoIl]{1,2}";
/** Letters that stand for digits: 138OO138OOO, l3800138000. */
export const LIKE_DIGITS = `(?:${[
  "[lI|][3-9][0-9OoIl]{9}",
  ...Array.from({ length: 9 }, (_, at) => `1[3-9][0-9]{${at}}[OoIl][0-9OoIl]{${8 - at}}`),
].join("|")})`;

const PROVINCE = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)";
const MONTH_AND_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])";
const COUNTY = `${PROVINCE}(?:(?:0[1-9]|[1-6][0-9]|70|90)(?:0[1-9]|[1-9][0-9])|0000)`;
/** The region of a resident, of somebody from Hong Kong, Macao or Taiwan, or of a foreigner with the right to stay. */
const REGION = `(?:${COUNTY}|9${PROVINCE}[0-9]{3})`;

/** The eighteen digits of a card, without what stands between them. */
export const CARD = `${REGION}(?:18|19|20)[0-9]{2}${MONTH_AND_DAY}[0-9]{3}[0-9Xx]`;

const AT = "(?:@|[(\\[（【{<〈] ?(?:@|[Aa][Tt]|艾特) ?[)\\]）】}>〉]|_[Aa][Tt]_|艾特|圈 ?[aA])";
const DOMAIN = "[^\\s@.。,，;；、()（）]+";
const TOP = "(?:com|net|org|cn|hk|tw|COM|NET|CN)";
const DOT = "(?: ?[.。,，] ?| ?[(\\[（【]? ?(?:点|點|[Dd][Oo][Tt]) ?[)\\]）】]? ?)";
const LATIN_NAME = "[A-Za-z0-9._-]{2,}";
/** Where many people have their addresses: with these an address is known though there is a blank or a # for the @. */
const PROVIDER =
  "(?:qq|QQ|foxmail|163|126|139|189|yeah|sina|sohu|aliyun|gmail|Gmail|outlook|hotmail|yahoo|icloud)";
export const MAIL = [
  `[^\\s@]+ ?${AT} ?${DOMAIN}(?:[.。]${DOMAIN})*(?:[.。][^\\s0-9@.。,，;；、()（）]{2,}|${DOT}${TOP})`,
  `${LATIN_NAME} ?[(\\[（【{<] ?[Aa] ?[)\\]）】}>] ?${LATIN_NAME}${DOT}${TOP}`,
  `${LATIN_NAME} ?(?:[#*]| [Aa][Tt] ) ?${PROVIDER}${DOT}${TOP}`,
  `(?:^|[^0-9A-Za-z])${MESSAGE_NAME} ?[A-Za-z][A-Za-z-]{0,12}[0-9_][A-Za-z0-9_-]{2,18}`,
].join("|");

/** Four digits that are no year of which numbers of documents are made. */
const NO_YEAR = "(?:[03-9][0-9]{3}|1[0-8][0-9]{2}|19[0-8][0-9]|2[1-9][0-9]{2}|20[4-9][0-9])";
/** Capital and small letters that papers have behind their first: I and O are left out, as they look like digits. */
const SECOND = "[A-HJ-NP-Za-hj-np-z]";
const PAPER = "(?:护照|通行证|通行證|台胞证|回乡证|回鄉證|[Pp][Aa][Ss]{2}[Pp][Oo][Rr][Tt])";

/** Capital letters, with digits behind them, that are no paper of a person; what begins so needs no second look. */
export const CODE = "[A-Z]{3,}[0-9]*|[A-Z]{1,2}(?:[0-9]{0,6}|[0-9]{11,})";

/** First digits and lengths of bank cards: UnionPay, and the issuers that are accepted here. */
export const BANK_CARD = [
  "62[0-9]{14,17}",
  "(?:60|65)[0-9]{14}(?:[0-9]{3})?",
  "9558[0-9]{15}",
  "4[0-9]{15}(?:[0-9]{3})?",
  "5[1-5][0-9]{14}(?:[0-9]{3})?",
  "2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}",
  "35(?:2[89]|[3-8][0-9])[0-9]{12}",
  "3[47][0-9]{13}",
].join("|");
/** A region, a year and a month, as numbers of documents begin: no bank card is looked for in it. */
export const REGION_AND_YEAR = `^${COUNTY}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])`;

/** Long numbers of a machine's making. */
export const HEXADECIMAL = "[0-9a-f-]{24,}";
/** Sums with decimals; where the whole part is as long as a telephone number, a spreadsheet may have put them there. */
export const DECIMAL = "-?(?:0|[1-9][0-9]{0,8})[.][0-9]+(?:[eE][+-]?[0-9]+)?";
/** So few digits are no number of a person, but for mobile telephones of Taiwan. */
export const FEW_DIGITS = "[0-9]{1,9}|0[0-8][0-9]{8}|[1-9][0-9]{9}";
/** Plates of vehicles; letters and digits behind the first that begin with a year are the number of a document. */
export const PLATE =
  "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·• .-]?";
const PLATE_NUMBER = [
  "[DF][0-9]{5}",
  "[0-9]{5}[DF]",
  "[A-HJ-NP-Z][0-9]{4}",
  "[A-HJ-NP-Z]{2}[0-9]{3}",
  "[0-9][A-HJ-NP-Z][0-9]{3}",
  "[0-9]{2}[A-HJ-NP-Z][0-9]{2}",
  "[0-9]{3}[A-HJ-NP-Z][0-9A-HJ-NP-Z]",
  "[0-9]{4}[A-HJ-NP-Z]",
  "(?:[03-9][0-9]|1[0-8]|2[1-9])[0-9]{3}",
].join("|");

/** Patterns of numbers of persons. */
export interface NumberForms {
  /** Telephones and old cards: what they are is told by their form. Capital letters before the digits make a code of them. */
  readonly certain: string;
  /** With a first group that holds the eighteen digits, and one character more where a letter or digit follows. */
  readonly likeACard: string;
  /** With a first group that holds fifteen to nineteen digits, as bank cards have. */
  readonly likeABankCard: string;
  /** With a first group that holds an identity card of Hong Kong with its check digit in brackets: A123456(3). */
  readonly likeHongKong: string;
  /** With a first group that holds an identity card of Taiwan, as A123456789. */
  readonly likeTaiwan: string;
  /** Digits that stand alone, with the letters that begin a code. */
  readonly alone: string;
}

/**
 * Patterns over texts brought to plain digits. RE2 and JavaScript read them alike: neither looks ahead or behind.
 * @param separator pattern of one character that stands between digits
 */
export function numberForms(separator: string): NumberForms {
  const gap = `${separator}{0,2}`;
  return {
    certain: certainForms(separator).join("|"),
    likeACard: `(?:^|[^0-9])((?:${[
      inGroups(gap, "[1-9][0-9]{2}", 3, 4, 2, 2, 3),
      `[1-9][0-9]{3}(?:${separator}[0-9]{4}){3}${separator}[0-9]`,
      `[1-9](?:${separator}[0-9]){16}`,
    ].join("|")})${gap}[0-9Xx][0-9A-Za-z]?)`,
    likeABankCard: `(?:^|[^0-9A-Z])(${[
      "[0-9]{15,19}",
      `[0-9]{4}(?:${gap}[0-9]{4}){3}(?:${gap}[0-9]{1,3})?`,
      `[0-9]{4}${gap}[0-9]{6}${gap}[0-9]{5}`,
      `[0-9]{6}${gap}[0-9]{9,13}`,
      `[0-9](?:${separator}[0-9]){14,18}`,
    ].join("|")})(?:[^0-9]|$)`,
    likeHongKong: `(?:^|[^0-9A-Za-z])([A-Za-z]{1,2}${gap}[0-9]{6}${gap}[(（\\[【] ?[0-9Aa] ?[)）\\]】])`,
    likeTaiwan: `(?:^|[^0-9A-Za-z])([A-Za-z]${gap}[1289][0-9]{8})(?:[^0-9A-Za-z]|$)`,
    alone: `${gap}[A-Z]{0,6}${gap}[0-9]+(?:${gap}[0-9]+)*${gap}`,
  };
}

/** Digits in groups, as 3-4-4. */
function inGroups(gap: string, first: string, ...groups: readonly number[]): string {
  return [first, ...groups.map((length) => `[0-9]{${length}}`)].join(gap);
}

/** What is a number of a person by its form alone. */
function certainForms(separator: string): string[] {
  const gap = `${separator}{0,2}`;
  const end = "(?:[^0-9]|$)";
  const noLetter = "(?:[^0-9A-Za-z]|$)";
  const { telephone, local } = telephones(separator);
  const labels = CHINESE_LABELS.map((label) => Array.from(label).join(gap));
  const label = `(?:${[...labels, LATIN_LABEL].join("|")})`;
  // Nobody born before 1930 is looked for: what looks so is a region and a day of this century in the number of a document.
  const oldCard = `${COUNTY}${gap}[3-9][0-9]${MONTH_AND_DAY}${gap}[0-9]{3}(?:[^0-9Xx]|$)`;
  // Passports, permits to Hong Kong, Macao and Taiwan and of those who come from there: a letter or two and what is no year.
  const paper = [
    `[EeGgDdSsPpCcWwLlTtHhMm]${gap}${NO_YEAR}${gap}[0-9]{4}`,
    `[HhMm]${gap}${NO_YEAR}${gap}[0-9]{4}${gap}[0-9]{2}`,
    `(?:[EeCc]${SECOND}|[DdSsPp][Ee])${gap}${NO_YEAR}${gap}[0-9]{3}`,
    // Of Macao, with its check digit in brackets.
    `[157][0-9]{6}${gap}[(（] ?[0-9] ?[)）]`,
    LIKE_DIGITS,
  ].join("|");
  const identity = ["身份证", "身份證"].map((word) => Array.from(word).join(gap)).join("|");
  return [
    `(?:^|[^0-9A-Z]|${LATIN_LABEL})(?:${telephone}${end}|${oldCard})`,
    `${label}[^0-9]{0,6}(?:${local}|9[0-9]{3}${gap}[0-9]{4})${end}`,
    // What begins like a year of our time may be a day.
    `${MESSAGES}[^0-9]{0,6}(?:[3-9][0-9]|1[0-8]|2[1-9])[0-9]{3,9}${end}`,
    `(?:微信|薇信|[VvWw]信)[^0-9A-Za-z]{0,6}(?:wxid_|[A-Za-z][A-Za-z-]{0,12}[0-9_])[A-Za-z0-9_-]{3,18}${noLetter}`,
    `(?:^|[^0-9A-Za-z])(?:${paper})${noLetter}`,
    `${PLATE}(?:${PLATE_NUMBER})(?:[^0-9A-Za-z号]|$)`,
    `${PAPER}[^0-9A-Za-z]{0,6}[A-Za-z]{0,2}${gap}[0-9]{7,10}${noLetter}`,
    `(?:${identity})[^0-9]{0,6}${COUNTY}${gap}[0-9]{2}${MONTH_AND_DAY}${gap}[0-9]{3}${noLetter}`,
    `(?:${identity}|HKID|香港)[^0-9A-Za-z]{0,6}[A-Za-z]{1,2}${gap}[0-9]{6}${gap}[0-9Aa]${noLetter}`,
  ];
}

/** Telephones of mainland China and from abroad, and the part of a number that is dialled in town. */
function telephones(separator: string): { readonly telephone: string; readonly local: string } {
  const gap = `${separator}{0,2}`;
  const some = `${separator}{1,2}`;
  const mobile = `(?:${[
    inGroups(gap, MOBILE_PREFIX, 4, 4),
    inGroups(gap, MOBILE_PREFIX, 3, 5),
    inGroups(gap, MOBILE_PREFIX, 2, 2, 2, 2),
    inGroups(gap, `${MOBILE_PREFIX}[0-9]`, 3, 4),
    inGroups(gap, `${MOBILE_PREFIX}[0-9]{2}`, 6),
    inGroups(gap, `${MOBILE_PREFIX}[0-9]{2}`, 3, 3),
    `1${some}[3-9][0-9]{2}${some}[0-9]{3}${some}[0-9]{4}`,
    `1${separator}{1,3}[3-9](?:${separator}{1,3}[0-9]){9}`,
    inGroups(`(?:${separator}|${AROUND}){0,2}`, MOBILE_PREFIX, 4, 4),
  ].join("|")})`;
  // Seven or eight digits; what begins like a year of this century is none.
  const local = `(?:[3-8][0-9]|2[1-9])[0-9]{1,2}${gap}[0-9]{4}`;
  const abroad = [
    `(?:[+][1-9]|0086)(?:${gap}[(]?[0-9][)]?){8,14}`,
    `00${gap}85[23]${gap}[2-9][0-9]{3}${gap}[0-9]{4}`,
    `00${gap}886${gap}0?[2-9](?:${gap}[0-9]){7,8}`,
    // Without what parts it, it may as well be a code with noughts before it.
    `00${gap}[1-9][0-9]{0,2}${some}[0-9]{2,4}(?:${some}[0-9]{3,4}){1,2}`,
    // Of Taiwan, also as dialled from abroad, and of Hong Kong and Macao.
    `(?:09|8869)[0-9]{2}${gap}[0-9]{3}${gap}[0-9]{3}`,
    "852[569][0-9]{7}|8536[0-9]{7}",
    `[(（]0[2-8][)）]${gap}[2-9][0-9]{2,3}${gap}[0-9]{4}`,
  ].join("|");
  const country = `(?:[+]|00)?86[)）]?${gap}`;
  const area = [
    `[(（\\[【{｛<《「〔]?${AREA}[)）\\]】}｝>》」〕]?${gap}${local}`,
    `(?:[+]|00)?86${some}${AREA.slice(1)}${gap}${local}`,
  ].join("|");
  return { telephone: `(?:(?:${country}|0)?${mobile}|${area}|${abroad})`, local };
}
