import { join } from "node:path";
import { type Coordinates, type MapFile, readMap } from "../../standard/map-file.ts";
import type { Bilingual, Report } from "../report.ts";
import { TEXTS } from "../texts.ts";
import { INK, makeChartTexts, renderChart, SOFT } from "./chart.ts";
import { registerMap } from "./echarts.ts";
import { renderGradeKey } from "./header.ts";
import { anchor, both, figure, say, section } from "./markup.ts";
import { NO_GRADE, renderTiles } from "./tiles.ts";

const WIDTH = 760;
const HEIGHT = 640;
/** Room on the right for the names of bodies too small to be named in place. */
const MARGIN = 150;
/** A body that takes less than this share of the map's width is named aside. */
const SMALL = 0.13;

/** What ECharts says of a label when it asks for its place. */
interface Labelled {
  readonly dataIndex: number;
  readonly rect: { readonly y: number; readonly height: number };
}

/** The map of the first level, coloured by grade; tiles when the pipeline names no reviewed map. */
export function renderMap(report: Report): string {
  const { pipeline, workspace } = report.context;
  if (!pipeline.report.map) return renderTiles(report);
  const map = readMap(join(workspace, pipeline.report.map));
  const chart = drawMap(report, map);
  return section(
    "map",
    "tiles",
    `<figure>${chart}
<figcaption>${say("mapAlternative")} ${both(describeMap(map))}</figcaption></figure>${renderGradeKey(report)}`,
  );
}

/** Review number, maker and note of a map, to be printed on it. */
export function describeMap({ review_no, source, note }: MapFile): Bilingual {
  return {
    zh: `审图号：${review_no}。地图来源：${source.zh}。${note?.zh ?? ""}`,
    en: `Map review No. ${review_no}. Source of the map: ${source.en}. ${note?.en ?? ""}`.trimEnd(),
  };
}

function drawMap(report: Report, map: MapFile): string {
  const { grades } = report.context.standard;
  const bodies = report.standings.map(({ body, score, grade }) => ({
    id: body.id,
    name: body.name,
    score,
    href: `#${anchor(body.id)}`,
    colour: grades.find(({ id }) => id === grade)?.colour,
  }));
  return drawBodies(map, bodies);
}

/** A body as a map shows it. */
export interface MappedBody {
  readonly id: string;
  readonly name: Bilingual;
  readonly score: number | null;
  /** None without a grade. */
  readonly colour: string | undefined;
  readonly href: string;
}

/** A map as SVG, with the bodies coloured, named and linked; features without a body stay grey. */
export function drawBodies(map: MapFile, bodies: readonly MappedBody[]): string {
  const texts = makeChartTexts();
  const byCode = new Map(bodies.map((body) => [body.id, body]));
  const width = spanOf(map.features.map(({ geometry }) => geometry.coordinates));
  const data = map.features.map(({ properties: { code, name = code }, geometry }) => {
    const body = byCode.get(code);
    const title = body?.name ?? { zh: name, en: name };
    return {
      name: code,
      value: body?.score ?? undefined,
      itemStyle: { areaColor: body?.colour ?? NO_GRADE },
      labelLine: {
        show: spanOf(geometry.coordinates) < SMALL * width,
        showAbove: true,
        lineStyle: { color: SOFT },
      },
      label: { formatter: `${texts.mark(title)}\n${figure(body?.score, 2)}` },
    };
  });
  registerMap("bodies", map as never);
  return renderChart(
    "map",
    {
      series: [
        {
          type: "map",
          map: "bodies",
          nameProperty: "code",
          left: 6,
          right: MARGIN,
          top: 6,
          bottom: 6,
          selectedMode: false,
          itemStyle: { borderColor: "#fff", borderWidth: 1.2 },
          label: { show: true, fontSize: 13, lineHeight: 16, color: INK },
          labelLayout: ({ rect, dataIndex }: Labelled) =>
            data[dataIndex]?.labelLine.show
              ? {
                  x: WIDTH - MARGIN + 20,
                  y: rect.y + rect.height / 2,
                  align: "left",
                  moveOverlap: "shiftY",
                }
              : {},
          data,
        },
      ],
    },
    {
      width: WIDTH,
      height: HEIGHT,
      className: "map",
      label: TEXTS.mapAlternative,
      link: (_, datum) => {
        const body = byCode.get(data[datum ?? -1]?.name ?? "");
        if (!body) return undefined;
        const { zh, en } = body.name;
        return {
          href: body.href,
          title: `${zh === en ? zh : `${zh} ${en}`} ${figure(body.score, 2)}`,
        };
      },
    },
    texts,
  );
}

/** Degrees of longitude that coordinates span. */
function spanOf(coordinates: Coordinates): number {
  const longitudes = (some: Coordinates): number[] => {
    if (typeof some === "number") return [];
    return typeof some[0] === "number" ? [some[0]] : some.flatMap(longitudes);
  };
  const all = longitudes(coordinates);
  return Math.max(...all) - Math.min(...all);
}
