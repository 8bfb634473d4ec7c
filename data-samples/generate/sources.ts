import type { SampleSource } from "./city.ts";
import { commitments } from "./kinds/commitments.ts";
import { courtDebtors } from "./kinds/court-debtors.ts";
import { debtAnnual } from "./kinds/debt-annual.ts";
import { debtMonthly } from "./kinds/debt-monthly.ts";
import { decisions } from "./kinds/decisions.ts";
import { honours } from "./kinds/honours.ts";
import { hotlineOrders } from "./kinds/hotline-orders.ts";
import { hotlineWeb } from "./kinds/hotline-web.ts";
import { inspections } from "./kinds/inspections.ts";
import { integrityRecords } from "./kinds/integrity-records.ts";
import { investmentPromises } from "./kinds/investment-promises.ts";
import { licences } from "./kinds/licences.ts";
import { mayorMailbox } from "./kinds/mayor-mailbox.ts";
import { penalties } from "./kinds/penalties.ts";
import { pppProjects } from "./kinds/ppp-projects.ts";
import { procurementOcds } from "./kinds/procurement-ocds.ts";
import { proposals } from "./kinds/proposals.ts";
import { ratings } from "./kinds/ratings.ts";
import { departments, divisionAliases, divisions } from "./kinds/register-files.ts";
import { serviceCommitments } from "./kinds/service-commitments.ts";
import { tasks } from "./kinds/tasks.ts";
import { tenders } from "./kinds/tenders.ts";
import { training } from "./kinds/training.ts";

/** Every source of the demo city, in the order of its pipeline. */
export const SOURCES: readonly SampleSource[] = [
  divisions,
  departments,
  divisionAliases,
  hotlineOrders,
  hotlineWeb,
  mayorMailbox,
  licences,
  penalties,
  courtDebtors,
  integrityRecords,
  commitments,
  decisions,
  proposals,
  procurementOcds,
  pppProjects,
  tenders,
  investmentPromises,
  debtMonthly,
  debtAnnual,
  training,
  inspections,
  honours,
  tasks,
  ratings,
  serviceCommitments,
];
