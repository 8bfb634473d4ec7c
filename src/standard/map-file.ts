import { isThere, readText } from "../whole-file.ts";
import type { Bilingual } from "./bilingual.ts";

export type Coordinates = number | readonly Coordinates[];

/** A GeoJSON whose features carry properties.code. */
export interface MapFile {
  readonly type: "FeatureCollection";
  readonly features: readonly {
    readonly properties: { readonly code: string; readonly name?: string };
    readonly geometry: { readonly coordinates: Coordinates };
  }[];
  /** 审图号: the number under which the map was reviewed (地图管理条例, art. 15); printed below it. */
  readonly review_no: string;
  /** Who made it; printed below it. */
  readonly source: Bilingual;
  /** What readers must know of the map; printed below it. */
  readonly note?: Bilingual;
}

/** @throws Error in a sentence when the file is missing, or no map of bodies */
export function readMap(file: string): MapFile {
  if (!isThere(file)) {
    throw new Error(
      `The map ${file} does not exist. Put the GeoJSON there, or take report.map out of the pipeline.`,
    );
  }
  const map = JSON.parse(readText(file)) as Partial<MapFile>;
  if (!map.features?.every(({ properties }) => properties?.code)) {
    throw new Error(
      `The map ${file} is not a GeoJSON FeatureCollection whose features have properties.code. Add the entity code of each feature.`,
    );
  }
  if (!map.review_no || !map.source?.zh || !map.source.en) {
    throw new Error(
      `地图 ${file} 没有审图号（review_no）或来源（source: { zh, en }），不得公开（地图管理条例第15条）；请补上，或从流程中删去 report.map，改用无界线的方格图。The map ${file} has no review_no or no source { zh, en }; a map that was not reviewed may not be published. Add them, or take report.map out of the pipeline, which then shows tiles.`,
    );
  }
  return map as MapFile;
}
