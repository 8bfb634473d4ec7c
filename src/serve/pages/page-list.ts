import { alertsPage } from "./alerts.ts";
import { comparePage } from "./compare.ts";
import type { AnyPage } from "./define-page.ts";
import { entityPage } from "./entity.ts";
import { indicatorPage } from "./indicator.ts";
import { monthsPage } from "./months.ts";
import { overviewPage } from "./overview.ts";
import { qualityPage } from "./quality.ts";
import { rankingPage } from "./ranking.ts";
import { standardsPage } from "./standards.ts";

/** Every page below a pipeline. */
export const PAGES: readonly AnyPage[] = [
  overviewPage,
  rankingPage,
  entityPage,
  comparePage,
  indicatorPage,
  alertsPage,
  qualityPage,
  standardsPage,
  monthsPage,
];
