import type { Bilingual, Report, ReportLevel, Standing } from "../report.ts";
import { TEXTS } from "../texts.ts";
import { fill } from "../words.ts";
import { makeChartTexts, renderChart, SOFT } from "./chart.ts";
import { anchor, both, figure, say, section } from "./markup.ts";

/** Larger levels start folded. */
const FOLDED_ABOVE = 20;
const WIDTH = 1000;
const ROW = 24;
const HEAD = 46;
/** Room for the names. */
const LEFT = 240;
/** Pale to dark, one hue: the order survives print and colour blindness. */
const SHADES = ["#f7fbfd", "#dcebf3", "#b2d2e3", "#7fb0cc", "#447fa5", "#14557b"];

/** Dimensions by bodies, one map per peer class, cells shaded by score. */
export function renderHeatMap(report: Report): string {
  const parts = report.levels.map((level, place) => {
    const charts = level.classes.map((peers, order) => {
      const caption =
        level.classes.length > 1 ? `<figcaption>${both(peers.name)}</figcaption>` : "";
      return `<figure>${caption}${drawGrid(report, level, peers, `heat${place}-${order}`)}</figure>`;
    });
    const count = level.standings.length;
    const inside = charts.join("\n");
    return `<h3>${both(level.name)}</h3>${
      count > FOLDED_ABOVE
        ? `<details class=fold><summary>${say("showAll", { count })}</summary>${inside}</details>`
        : inside
    }`;
  });
  return section(
    "heat-map",
    "heatMap",
    `<p class=note>${say("heatMapNote")}</p>${parts.join("\n")}`,
  );
}

function drawGrid(
  report: Report,
  level: ReportLevel,
  peers: ReportLevel["classes"][number],
  id: string,
): string {
  const texts = makeChartTexts();
  const dimensions = topDimensions(report, level.level);
  const { standings } = peers;
  const cells = standings.flatMap((standing, row) =>
    dimensions.map((dimension, column) => {
      const score = standing.nodes.get(dimension.id)?.score ?? null;
      return {
        value: [column, row, score ?? "-"],
        label: { color: (score ?? 0) >= 75 ? "#fff" : "#1d2733", formatter: figure(score, 1) },
      };
    }),
  );
  const text = { fontSize: 12, color: SOFT, interval: 0 };
  return renderChart(
    id,
    {
      grid: { left: LEFT, right: 4, top: HEAD, bottom: 4 },
      xAxis: {
        type: "category",
        position: "top",
        data: dimensions.map(({ title }) => texts.mark(title)),
        axisLabel: text,
        axisLine: { show: false },
        axisTick: { show: false },
      },
      yAxis: {
        type: "category",
        inverse: true,
        data: standings.map(({ body }) => texts.mark(shorten(body.name))),
        axisLabel: { ...text, color: "#14557b" },
        axisLine: { show: false },
        axisTick: { show: false },
      },
      visualMap: { show: false, min: 40, max: 100, inRange: { color: SHADES } },
      series: [
        {
          type: "heatmap",
          data: cells,
          label: { show: true, fontSize: 12 },
          itemStyle: { borderColor: "#fff", borderWidth: 1 },
        },
      ],
    },
    {
      width: WIDTH,
      height: HEAD + 4 + ROW * standings.length,
      className: "heat",
      label: fill(TEXTS.heatMapOf, { peers: peers.name }),
      link: (_, datum) => linkTo(standings[Math.floor((datum ?? 0) / dimensions.length)]),
    },
    texts,
  );
}

/** Names longer than their room are cut; the section they lead to has them in full. */
function shorten({ zh, en }: Bilingual): Bilingual {
  const cut = (text: string, most: number) =>
    text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text;
  return { zh: cut(zh, 18), en: cut(en, 36) };
}

function linkTo(standing: Standing | undefined) {
  return standing
    ? {
        href: `#${anchor(standing.body.id)}`,
        title: `${standing.body.name.zh} ${standing.body.name.en}`,
      }
    : undefined;
}

/** The nodes right below the index at a level. */
export function topDimensions({ nodes }: Report, level: string) {
  const own = nodes.filter((node) => node.level === level);
  const index = own.find(({ parent }) => parent === null);
  return own.filter(({ parent, nodeLevel }) => nodeLevel === "dimension" && parent === index?.id);
}
