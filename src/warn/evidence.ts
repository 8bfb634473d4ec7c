import type { SeriesDefinition } from "../standard/warning-definition.ts";
import type { Forecast } from "./forecast/forecast.ts";
import type { NativePoints } from "./forecast/native-points.ts";

/** A body that is watched. */
export interface Body {
  readonly id: string;
  readonly level: string;
}

/** A series over the periods of the grid: row r belongs to `bodies[r]`, its values start at r × periods. */
export interface PeriodSeries {
  readonly definition: SeriesDefinition;
  /** Place of each row's body. */
  readonly bodies: Int32Array;
  /** Category of each row; "" for the whole. */
  readonly parts: readonly string[];
  readonly values: Float64Array;
  readonly numerator: Float64Array | undefined;
  readonly denominator: Float64Array | undefined;
}

/** A series of one body some steps ahead. */
export interface BodyForecast {
  readonly body: number;
  readonly series: string;
  readonly native: NativePoints;
  readonly forecast: Forecast;
  /** Month number of the last point. */
  readonly lastMonth: number;
}

/** A series of one body at the end of the period, under a scenario and without it. */
export interface StressedValue {
  readonly body: number;
  readonly scenario: string;
  readonly series: string;
  readonly value: number;
  readonly baseline: number;
}

/** What a definition looks at, ready to be judged. */
export interface WarningEvidence {
  readonly bodies: readonly Body[];
  /** Ids of the grid's periods, oldest first; the last is the period asked for. */
  readonly periods: readonly string[];
  readonly series: ReadonlyMap<string, PeriodSeries>;
  readonly forecasts: readonly BodyForecast[];
  readonly stress: readonly StressedValue[];
}
