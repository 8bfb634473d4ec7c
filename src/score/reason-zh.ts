import type { NamedMover, Story } from "./reason.ts";
import { LEAST_SHOWN, showPoints, showShare, showSigned } from "./reason-numbers.ts";

const PREVIOUS = { month: "上月", quarter: "上季度", year: "上年" };
const LAST_YEAR = { month: "上年同月", quarter: "上年同季", year: "" };

/** The Chinese sentence. */
export function sayChinese(story: Story): string {
  return `${[...opening(story), movers(story), losses(story), veto(story)].filter(Boolean).join("；")}。`;
}

function opening(story: Story): string[] {
  const { body, previous, peers, frequency } = story;
  const score = Number.isNaN(body.score) ? "" : `得${showPoints(body.score)}分${change(story)}`;
  if (body.rank === undefined) return [`不参加排名：${gap(story)}`, score];
  const moved =
    previous?.rank === undefined
      ? ""
      : `，${rankChange(previous.rank - body.rank, PREVIOUS[frequency])}`;
  return [`${score}，在${body.rankedOf}个${peers.zh}中居第${body.rank}位${moved}`];
}

function change({ body, previous, lastYear, frequency, isFirst }: Story): string {
  const before = PREVIOUS[frequency];
  const parts = [
    previous
      ? scoreChange(body.score - previous.score, before)
      : isFirst
        ? ""
        : `（${before}无得分可比）`,
  ];
  if (frequency !== "year" && lastYear && !Number.isNaN(lastYear.score)) {
    parts.push(scoreChange(body.score - lastYear.score, LAST_YEAR[frequency]));
  }
  return parts.map((part) => (part === "" || part.startsWith("（") ? part : `，${part}`)).join("");
}

function scoreChange(difference: number, than: string): string {
  if (difference === 0) return `与${than}持平`;
  if (Math.abs(difference) < LEAST_SHOWN) return `与${than}基本持平`;
  return `较${than}${difference > 0 ? "提高" : "降低"}${showPoints(Math.abs(difference))}分`;
}

function rankChange(places: number, than: string): string {
  if (places === 0) return `位次与${than}相同`;
  return `位次较${than}${places > 0 ? "上升" : "下降"}${Math.abs(places)}位`;
}

function gap({ unranked }: Story): string {
  if (!unranked) return "无可评指标";
  const { part, share, least, missing, missingCount } = unranked;
  const base = part === "whole" ? "全部权重" : "应评权重";
  const names = missing.map(({ zh }) => `${quote(zh)}`).join("");
  const lacking =
    missingCount === 0
      ? ""
      : `，不可评的有${names}${missingCount > missing.length ? "等" : ""}${missingCount}项指标`;
  return `可评指标占${base}的${showShare(share)}，低于${showShare(least)}的要求${lacking}`;
}

function movers({ up, down, previous, body }: Story): string {
  if (!previous) return "";
  const gains = say("得分提高主要是", up);
  const losses = say("得分降低主要是", down);
  const parts = body.score >= previous.score ? [gains, losses] : [losses, gains];
  return parts.filter(Boolean).join("；") || "各项变化都很小";
}

function say(what: string, movers: readonly NamedMover[]): string {
  return movers.length === 0 ? "" : `${what}：${movers.map(mover).join("，")}`;
}

function mover(moved: NamedMover): string {
  const { title, points, kind } = moved;
  if (kind === "scope") return `${scope(moved)}（合计${showSigned(points)}分）`;
  const capped = moved.capped ? "，已到上限" : "";
  return `${quote(title.zh)}${happening(moved)}（${showSigned(points)}分${category(moved)}${capped}）`;
}

function category({ detail, points, from, category: name }: NamedMover): string {
  if (
    !detail ||
    !name ||
    from === undefined ||
    detail.points * points <= 0 ||
    Math.abs(detail.points) < LEAST_SHOWN
  )
    return "";
  // One category may have moved further than all together; its number would then confuse.
  return Math.abs(detail.points) <= Math.abs(points)
    ? `，其中“${name.zh}”类${showSigned(detail.points)}分`
    : `，主要在“${name.zh}”类`;
}

/** A title in quotation marks; marks inside it become single ones. */
function quote(title: string): string {
  return `“${title.replaceAll("“", "‘").replaceAll("”", "’")}”`;
}

function scope({ title, entered, left }: NamedMover): string {
  if (entered.length > 0) {
    const more = entered.length > 1 ? `等${entered.length}项` : "";
    const gone = left.length > 0 ? `、${left.length}项不再可评` : "";
    return `${quote(title.zh)}${more}开始可评${gone}，权重相应调整`;
  }
  if (left.length === 0) return "权重调整";
  return `${quote(title.zh)}${left.length > 1 ? `等${left.length}项` : ""}不再可评，其权重由同级指标分担`;
}

function happening({ kind, from, to, rose, unit, points, detail }: NamedMover): string {
  if (kind === "limit") return "的调整";
  if (kind === "indicator") {
    if (from === undefined) return "在同类中的相对位置变化";
    return `由${from}${unit.zh}${rose ? "升至" : "降至"}${to}${unit.zh}`;
  }
  const grows = kind === "bonus" ? points > 0 : points < 0;
  if (grows && detail && detail.came > 0) return `新计入${detail.came}条记录（${detail.name}）`;
  if (!grows && detail && detail.went > 0)
    return `有${detail.went}条记录（${detail.name}）不再计分`;
  return grows ? "增加" : "随时间递减";
}

function losses({ losses: list }: Story): string {
  if (list.length === 0) return "";
  return `失分最多的是${list.map(({ title, points }) => `${quote(title.zh)}（${showSigned(points)}分）`).join("和")}`;
}

function veto({ veto: fallen }: Story): string {
  return fallen ? `因${quote(fallen.title.zh)}等次限制，等次由${fallen.from}降为${fallen.to}` : "";
}
