import { both, escapeHtml, figure, over, plain, table } from "../publish/html/markup.ts";
import { writeDay } from "../record/document.ts";
import { none, say } from "./bilingual.ts";
import type { CreditReport } from "./schema.ts";
import { nameWord } from "./words.ts";

export function renderCommitments({ commitments }: CreditReport): string {
  if (commitments.length === 0) return none("没有登记的承诺。", "No commitments on file.");
  const rows = commitments.map(
    (one) =>
      `<tr><th scope=row>${both(nameWord(one.kind))}${[one.due, one.on_time, one.late, one.broken, one.overdue, one.withdrawn, one.not_yet_due].map((count) => `<td class=n>${count}`).join("")}`,
  );
  return table(
    [
      say("种类", "Kind"),
      over(say("到期", "Due")),
      over(say("按期", "On time")),
      over(say("逾期兑现", "Late")),
      over(say("未兑现", "Broken")),
      over(say("超期未结", "Overdue")),
      over(say("撤回", "Withdrawn")),
      over(say("未到期", "Not yet due")),
    ],
    rows,
  );
}

export function renderWarnings({ warnings }: CreditReport): string {
  if (warnings.length === 0) return none("没有达到预警线的项目。", "No warning line is reached.");
  const rows = warnings.map(
    (one) =>
      `<tr><td><b class="level ${escapeHtml(one.level)}">${both(nameWord(one.level))}</b><th scope=row>${both(one.title)}<td>${escapeHtml(one.began)}<td>${both(one.message)}`,
  );
  return table(
    [say("等级", "Level"), say("规则", "Rule"), say("自", "Since"), say("说明", "What")],
    rows,
  );
}

export function renderRatings({ ratings, rating_agreement, standing }: CreditReport): string {
  if (ratings.length === 0) return none("没有第三方评价。", "No third-party ratings.");
  const newest = ratings.filter(
    (one, at) => ratings.findIndex(({ rater }) => rater === one.rater) === at,
  );
  const rows = newest.map((one) => {
    const agreement = rating_agreement.find(({ rater }) => rater === one.rater);
    const rho =
      agreement?.spearman == null
        ? "–"
        : `${figure(agreement.spearman, 2)} <small>${say(`（${agreement.bodies}个单位）`, `(${agreement.bodies} bodies)`)}</small>`;
    return `<tr><th scope=row>${escapeHtml(one.rater)}<td class=day>${both(writeDay(one.rated_on))}<td class=n>${plain(one.score)} / ${plain(one.score_max)}<td>${escapeHtml(one.grade ?? "–")}<td class=n>${standing?.score == null ? "–" : figure(standing.score, 1)}<td class=n>${rho}`;
  });
  return `${table([say("评价方", "Rater"), say("评价日", "Rated"), over(say("其评分", "Their score")), say("其等级", "Their grade"), over(say("本系统得分", "Our score")), over(say("秩相关", "Rank correlation"))], rows)}<p class=note>${say("秩相关为斯皮尔曼系数，按同层级全部被评单位计算：1 为次序完全一致，0 为无关。", "The rank correlation is Spearman's, over all rated bodies of the level: 1 is the same order, 0 none in common.")}</p>`;
}
