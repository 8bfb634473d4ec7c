import type { Report, ReportLevel, Standing } from "../report.ts";
import { TEXTS } from "../texts.ts";
import { fill } from "../words.ts";
import { DOWN, LINE, makeChartTexts, renderChart, SOFT, UP } from "./chart.ts";
import { anchor, both, chip, figure, over, say, section, signed, table } from "./markup.ts";

const SHOWN = 5;
const WIDTH = 860;
const ROW = 26;

/** The bodies whose score rose and fell most since the last period, with the sentence that says why. */
export function renderMovers(report: Report): string {
  const parts = report.levels.map((level, place) => {
    const moved = chooseMovers(level);
    const inside =
      moved.length === 0
        ? `<p>${say("noMovers")}</p>`
        : `<figure>${drawMovers(level, moved, `movers${place}`)}</figure>${listMovers(report, moved)}`;
    return `<h3>${both(level.name)}</h3>${inside}`;
  });
  return section("movers", "movers", parts.join("\n"));
}

/** Up to five that rose and five that fell, from the largest rise to the largest fall. */
function chooseMovers({ standings }: ReportLevel): Standing[] {
  const moved = standings
    .filter(({ score, scorePrevious }) => score !== null && scorePrevious !== null)
    .toSorted((a, b) => move(b) - move(a));
  return [
    ...moved.filter((standing) => move(standing) > 0).slice(0, SHOWN),
    ...moved.filter((standing) => move(standing) < 0).slice(-SHOWN),
  ];
}

function move({ score, scorePrevious }: Standing): number {
  return (score as number) - (scorePrevious as number);
}

function drawMovers(level: ReportLevel, moved: readonly Standing[], id: string): string {
  const texts = makeChartTexts();
  return renderChart(
    id,
    {
      grid: { left: 250, right: 60, top: 6, bottom: 24 },
      xAxis: {
        type: "value",
        axisLabel: { color: SOFT, fontSize: 11 },
        splitLine: { lineStyle: { color: LINE } },
      },
      yAxis: {
        type: "category",
        inverse: true,
        data: moved.map(({ body }) => texts.mark(body.name)),
        axisLabel: { fontSize: 12, interval: 0, margin: 12 },
        axisLine: { onZero: false, show: false },
        axisTick: { show: false },
      },
      series: [
        {
          type: "bar",
          barWidth: "60%",
          label: { show: true, fontSize: 12 },
          data: moved.map((standing) => ({
            value: move(standing),
            itemStyle: { color: move(standing) > 0 ? UP : DOWN },
            label: {
              position: move(standing) > 0 ? "right" : "left",
              formatter: signed(move(standing), 2),
            },
          })),
        },
      ],
    },
    {
      width: WIDTH,
      height: 30 + ROW * moved.length,
      className: "moves",
      label: fill(TEXTS.moversOf, { level: level.name }),
      link: (_, datum) => {
        const body = moved[datum ?? -1]?.body;
        return body && { href: `#${anchor(body.id)}`, title: `${body.name.zh} ${body.name.en}` };
      },
    },
    texts,
  );
}

function listMovers(report: Report, moved: readonly Standing[]): string {
  const rows = moved.map(
    (standing) =>
      `<tr><th scope=row><a href="#${anchor(standing.body.id)}">${both(standing.body.name)}</a><td class="n ${move(standing) > 0 ? "up" : "down"}">${signed(move(standing), 2)}<td class=n>${figure(standing.score, 2)}<td>${chip(standing.grade, report.context.standard.grades)}<td class=n>${standing.rankPrevious ?? "–"} → ${standing.rank ?? "–"}<td class=reason>${both(standing.reason)}`,
  );
  return table(
    [
      say("body"),
      over(say("change")),
      over(say("score")),
      say("grade"),
      over(say("rank")),
      say("reason"),
    ],
    rows,
    { className: "movers" },
  );
}
