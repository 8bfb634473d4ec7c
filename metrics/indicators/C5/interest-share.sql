/*
title: { zh: "一般债务利息支出率", en: "Interest on general debt to budget spending" }
clause: C5
levels: [district]
unit: { zh: "%", en: "%" }
direction: lower
aggregate: ratio
evidence: state
scale: 100
numerator:
  zh: "同一年度的一般债务利息支出（元）"
  en: "Yuan of interest on general debt of the same year"
denominator:
  zh: "24个月内最近一个年度的一般公共预算支出（元）；支出未知或不为正的不计入"
  en: "Yuan of general budget spending of the newest year within 24 months; unknown spending, or not positive, is left out"
rollup: false
reads: { debt_position: [general_interest, budget_spending] }
source: { zh: "国办函〔2016〕88号（一般债务利息支出超过一般公共预算支出10%的启动财政重整）；青信用〔2018〕2号 二（三）5", en: "General Office of the State Council, letter No. 88 of 2016 (fiscal restructuring starts where interest on general debt exceeds 10% of general public budget expenditure); Qingdao Credit Office, No. 2 of 2018, II(3)5" }
*/
SELECT
  entity_id,
  period,
  as_at AS occurred_on,
  general_interest AS numerator,
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
    AND d.general_interest IS NOT NULL
) AS newest
WHERE age = 1
