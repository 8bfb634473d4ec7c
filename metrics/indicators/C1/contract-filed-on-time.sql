/*
title: { zh: "采购合同按时备案率", en: "Procurement contracts filed within seven working days" }
clause: C1
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "签订之日起7个工作日内备案的"
  en: "Those filed within seven working days of signing"
denominator:
  zh: "备案期限（合同签订之日起7个工作日）在窗口内届满的采购合同；备案早于签订的不计入；取消的合同不计入"
  en: "Procurement contracts whose limit of seven working days from signing ran out in the window; those dated as filed before signing are left out; cancelled contracts are left out"
minimum_sample: 3
reads: { contract: [signed_on, filed_on, stage?] }
source: { zh: "政府采购法第47条；青信用〔2018〕2号 二（三）1", en: "Government Procurement Law, Art. 47; Qingdao Credit Office, No. 2 of 2018, II(3)1" }
*/
SELECT
  entity_id,
  working_day_after(signed_on, 7) AS occurred_on,
  CASE WHEN working_days_between(signed_on, filed_on) <= 7 THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  coalesce(filed_on < signed_on, false) AS excluded,
  record_key, file_id, line
FROM known.contract
WHERE kind = 'procurement'
  AND stage IS DISTINCT FROM 'cancelled'
  AND signed_on IS NOT NULL
