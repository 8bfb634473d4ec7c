import type * as ECharts from "echarts";
// @ts-expect-error the one-file build has no types of its own: they are those of the package
import * as oneFile from "echarts/dist/echarts.esm.min.mjs";

// Its hundreds of modules take most of a second to load, which every start of the program would wait for; the one file a tenth.
export const { init, registerMap } = oneFile as typeof ECharts;
