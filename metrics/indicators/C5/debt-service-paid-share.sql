/*
title: { zh: "到期债务偿付率", en: "Debt service paid when due" }
clause: C5
levels: [district]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "已付的本金和利息（元）"
  en: "Yuan of principal and interest paid"
denominator:
  zh: "窗口内到期的本金和利息（元）；有按月或按季数据的年份不再计年度数据；应付或已付未记载的不计入"
  en: "Yuan of principal and interest due in the window; where a year has monthly or quarterly figures its annual ones are not used; positions that lack what was due or paid are left out"
rollup: false
audience: internal
reads: { debt_position: [principal_due, principal_paid, interest_due, interest_paid] }
source: { zh: "国办函〔2016〕88号（违约即为Ⅳ级事件）；青信用〔2018〕2号 二（三）5", en: "General Office of the State Council, letter No. 88 of 2016 (any default is an event of level IV); Qingdao Credit Office, No. 2 of 2018, II(3)5" }
*/
SELECT
  d.entity_id,
  d.as_at AS occurred_on,
  d.principal_paid + d.interest_paid AS numerator,
  d.principal_due + d.interest_due AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  d.principal_due + d.interest_due + d.principal_paid + d.interest_paid IS NULL AS excluded,
  d.record_key, d.file_id, d.line
FROM known.debt_position d
LEFT JOIN (
  SELECT DISTINCT entity_id, extract(YEAR FROM as_at) AS finer_year
  FROM known.debt_position
  WHERE scope = 'statutory'
    AND frequency <> 'year'
    AND principal_due IS NOT NULL
) AS finer ON finer.entity_id = d.entity_id AND finer.finer_year = extract(YEAR FROM d.as_at)
WHERE d.scope = 'statutory'
  AND (d.frequency <> 'year' OR finer.finer_year IS NULL)
  AND coalesce(d.principal_due, d.interest_due, d.principal_paid, d.interest_paid) IS NOT NULL
