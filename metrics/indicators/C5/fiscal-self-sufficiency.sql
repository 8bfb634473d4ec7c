/*
title: { zh: "财政自给率", en: "Own revenue to budget spending" }
clause: C5
levels: [district]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
evidence: state
scale: 100
numerator:
  zh: "同一年度的一般公共预算收入（元）"
  en: "Yuan of general budget revenue of the same year"
denominator:
  zh: "24个月内最近一个年度的一般公共预算支出（元）；支出未知或不为正的不计入"
  en: "Yuan of general budget spending of the newest year within 24 months; unknown spending, or not positive, is left out"
rollup: false
reads: { debt_position: [budget_revenue, budget_spending] }
source: { zh: "财政自给率的通行定义（一般公共预算收入／支出）；青信用〔2018〕2号 二（三）5", en: "the usual definition of fiscal self-sufficiency (general public budget revenue / expenditure); Qingdao Credit Office, No. 2 of 2018, II(3)5" }
*/
SELECT
  entity_id,
  period,
  as_at AS occurred_on,
  budget_revenue AS numerator,
  coalesce(budget_spending, 0) AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  coalesce(budget_spending, 0) <= 0 AS excluded,
  record_key, file_id, line
FROM (
  SELECT d.*, p.period,
    row_number() OVER (PARTITION BY p.period, d.entity_id ORDER BY d.as_at DESC, d.frequency, d.record_key) AS age
  FROM known.debt_position d
  JOIN period p ON d.as_at <= p."end" AND d.as_at > p."end" - INTERVAL '24' MONTH
  WHERE d.scope = 'statutory'
    AND d.frequency = 'year'
    AND d.budget_revenue IS NOT NULL
) AS newest
WHERE age = 1
