/*
title: { zh: "债务率", en: "Debt to comprehensive fiscal resources" }
clause: C5
levels: [district]
unit: { zh: "%", en: "%" }
direction: lower
aggregate: ratio
evidence: state
scale: 100
numerator:
  zh: "窗口内最近一期的法定债务余额（元）"
  en: "Yuan of statutory debt at the newest position in the window"
denominator:
  zh: "最近一个年度的综合财力（元）；窗口内最近一期债务余额与之相比；综合财力未知或不为正的不计入"
  en: "Yuan of comprehensive fiscal resources of the newest year; compared with the newest debt balance in the window; unknown or not positive resources are left out"
rollup: false
reads: { debt_position: [total_debt+, comprehensive_resources+] }
source: { zh: "青信用〔2018〕2号 二（三）5；财政部地方政府债务风险评估（债务率）", en: "Qingdao Credit Office, No. 2 of 2018, II(3)5; Ministry of Finance, risk assessment of local government debt (debt ratio)" }
note:
  zh: "只计法定债务；公布口径不含隐性债务"
  en: "Statutory debt only; published figures hold no hidden debt"
*/
SELECT
  stock.entity_id,
  stock.period,
  stock.as_at AS occurred_on,
  stock.total_debt AS numerator,
  coalesce(annual.comprehensive_resources, 0) AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  coalesce(annual.comprehensive_resources, 0) <= 0 AS excluded,
  stock.record_key, stock.file_id, stock.line
FROM (
  SELECT d.*, p.period,
    row_number() OVER (PARTITION BY p.period, d.entity_id ORDER BY d.as_at DESC, d.frequency, d.record_key) AS age
  FROM known.debt_position d
  JOIN period p ON d.as_at <= p."end" AND d.as_at >= p.window_start
  WHERE d.scope = 'statutory'
    AND d.total_debt IS NOT NULL
) AS stock
LEFT JOIN (
  SELECT d.*, p.period,
    row_number() OVER (PARTITION BY p.period, d.entity_id ORDER BY d.as_at DESC, d.frequency, d.record_key) AS age
  FROM known.debt_position d
  JOIN period p ON d.as_at <= p."end" AND d.as_at > p."end" - INTERVAL '24' MONTH
  WHERE d.scope = 'statutory'
    AND d.frequency = 'year'
    AND d.comprehensive_resources IS NOT NULL
) AS annual
  ON annual.entity_id = stock.entity_id AND annual.period = stock.period AND annual.age = 1
WHERE stock.age = 1
