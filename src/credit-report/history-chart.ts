import { escapeHtml, figure } from "../publish/html/markup.ts";
import type { CreditReport } from "./schema.ts";

const WIDTH = 720;
const HEIGHT = 150;
const LEFT = 34;
const RIGHT = 26;
const BOTTOM = 22;

/** Scores by period as a line of points with their grades, and the same figures for those who cannot see it. */
export function renderHistory(history: CreditReport["history"]): string {
  const points = history.flatMap((one, at) =>
    one.score === null ? [] : [{ ...one, score: one.score, at }],
  );
  if (points.length < 2) return "";
  const scores = points.map(({ score }) => score);
  const low = Math.floor((Math.min(...scores) - 2) / 5) * 5;
  const high = Math.ceil((Math.max(...scores) + 2) / 5) * 5;
  const x = (at: number) =>
    LEFT + 14 + (at * (WIDTH - LEFT - 14 - RIGHT)) / Math.max(1, history.length - 1);
  const y = (score: number) => 18 + ((high - score) * (HEIGHT - BOTTOM - 26)) / (high - low);
  const number = (value: number) => String(Math.round(value * 10) / 10);
  const lines = [low, (low + high) / 2, high].map(
    (value) =>
      `<line x1="${LEFT}" x2="${WIDTH}" y1="${number(y(value))}" y2="${number(y(value))}" class=rule /><text x="${LEFT - 6}" y="${number(y(value) + 4)}" text-anchor=end>${number(value)}</text>`,
  );
  const path = points.map(({ at, score }) => `${number(x(at))},${number(y(score))}`).join(" ");
  const marks = points.map(
    ({ at, score, grade, period }) =>
      `<circle cx="${number(x(at))}" cy="${number(y(score))}" r="3"><title>${escapeHtml(period)}: ${figure(score, 2)}</title></circle><text x="${number(x(at))}" y="${number(y(score) - 8)}" text-anchor=middle class=mark>${escapeHtml(grade ?? "")}</text>`,
  );
  const every = Math.ceil(history.length / 7);
  const labels = history.flatMap(({ period }, at) =>
    (history.length - 1 - at) % every === 0
      ? [
          `<text x="${number(x(at))}" y="${HEIGHT - 4}" text-anchor=middle>${escapeHtml(period)}</text>`,
        ]
      : [],
  );
  const told = points.map(({ period, score, grade }) =>
    `${period} ${figure(score, 1)} ${grade ?? ""}`.trim(),
  );
  return `<figure><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role=img aria-label="${escapeHtml(told.join(", "))}">${lines.join("")}<polyline points="${path}" />${marks.join("")}${labels.join("")}</svg></figure>`;
}
