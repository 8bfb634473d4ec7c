/*
title: { zh: "可支配结余占收入比重", en: "Unrestricted fund balance to revenue" }
clause: CT
levels: [town]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "可支配结余（美元）"
  en: "Dollars of unrestricted fund balance"
denominator:
  zh: "财政年度普通基金收入（美元）"
  en: "Dollars of general fund revenue of the fiscal year"
rollup: false
reads: { debt_position: [unrestricted_fund_balance, budget_revenue, source_grade] }
source: { zh: "GFOA《普通基金结余指引》：未受限结余不低于两个月（16.7%）的收入或支出；穆迪《美国地方政府一般责任债务》（2014）：结余占收入的百分比", en: "GFOA, Fund Balance Guidelines for the General Fund: unrestricted fund balance of no less than two months (16.7%) of revenues or expenditures; Moody's, US Local Government General Obligation Debt (2014): fund balance as % of revenues" }
note:
  zh: "2011 年（GASB 54）以前为未保留结余，以后为承诺、指定与未指定结余之和"
  en: "Before 2011 (GASB 54) the unreserved balance; since then committed, assigned and unassigned together"
*/
SELECT
  d.entity_id,
  d.as_at AS occurred_on,
  d.unrestricted_fund_balance AS numerator,
  coalesce(d.budget_revenue, 0) AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  d.unrestricted_fund_balance IS NULL OR d.budget_revenue IS NULL AS excluded,
  d.record_key,
  d.file_id,
  d.line
FROM known.debt_position d
WHERE d.source_grade = 'reported'
