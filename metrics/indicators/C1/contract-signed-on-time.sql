/*
title: { zh: "采购合同按时签订率", en: "Procurement contracts signed within 30 days" }
clause: C1
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "通知书发出之日起30日内签订的"
  en: "Those signed within 30 days of the award notice"
denominator:
  zh: "签订期限（中标、成交通知书发出之日起30日）在窗口内届满的采购；签订早于通知的不计入；取消的合同不计入"
  en: "Procurements whose limit of 30 days from the award notice ran out in the window; those dated as signed before the notice are left out; cancelled contracts are left out"
minimum_sample: 3
reads: { contract: [award_notice_on, signed_on, stage?] }
source: { zh: "政府采购法第46条；青信用〔2018〕2号 二（三）1", en: "Government Procurement Law, Art. 46; Qingdao Credit Office, No. 2 of 2018, II(3)1" }
*/
SELECT
  entity_id,
  CAST(award_notice_on + INTERVAL '30' DAY AS DATE) AS occurred_on,
  CASE WHEN date_diff('day', award_notice_on, signed_on) <= 30 THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  coalesce(signed_on < award_notice_on, false) AS excluded,
  record_key, file_id, line
FROM known.contract
WHERE kind = 'procurement'
  AND stage IS DISTINCT FROM 'cancelled'
  AND award_notice_on IS NOT NULL
