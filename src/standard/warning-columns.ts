/** Columns of core.debt_position that hold what stands on a day. */
export const STOCKS = [
  "general_debt",
  "special_debt",
  "hidden_debt",
  "total_debt",
  "general_debt_limit",
  "special_debt_limit",
  "debt_limit",
  "overdue_debt",
  "guarantees",
  "fund_balance",
  "unassigned_fund_balance",
  "unrestricted_fund_balance",
  "net_position",
  "pension_liability",
  "other_benefit_liability",
  "tax_base",
  "livelihood_arrears",
  "population",
] as const;

/** Columns that hold what flowed in the span that ends on the day. */
export const FLOWS = [
  "comprehensive_resources",
  "principal_due",
  "principal_paid",
  "interest_due",
  "interest_paid",
  "general_interest",
  "special_interest",
  "refinanced_principal",
  "guarantees_called",
  "guarantees_paid",
  "budget_revenue",
  "budget_spending",
  "tax_revenue",
  "transfer_revenue",
  "fund_revenue",
  "fund_spending",
  "land_revenue",
  "fund_transfer_revenue",
  "capital_revenue",
  "remitted_revenue",
  "debt_service",
  "operating_result",
  "gdp",
  "tax_levied",
  "tax_collected",
  "mass_incidents",
] as const;

export type Stock = (typeof STOCKS)[number];
export type Flow = (typeof FLOWS)[number];
export type PositionColumn = Stock | Flow;
