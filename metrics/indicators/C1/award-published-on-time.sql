/*
title: { zh: "采购结果按时公告率", en: "Procurement awards published within two working days" }
clause: C1
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "通知书发出之日起2个工作日内公告的"
  en: "Those published within two working days of the award notice"
denominator:
  zh: "公告期限（中标、成交通知书发出之日起2个工作日）在窗口内届满的采购；公告早于通知的不计入；取消的合同不计入"
  en: "Procurements whose limit of two working days from the award notice ran out in the window; those dated as published before the notice are left out; cancelled contracts are left out"
minimum_sample: 3
reads: { contract: [award_notice_on, award_published_on, stage?] }
source: { zh: "政府采购法实施条例第43条；青信用〔2018〕2号 二（三）1", en: "Implementing Regulations of the Government Procurement Law, Art. 43; Qingdao Credit Office, No. 2 of 2018, II(3)1" }
note:
  zh: "条例自中标、成交供应商确定之日起计；记录中以通知书日期代之"
  en: "The regulation counts from the day the supplier is determined, for which the records have the day of the notice"
*/
SELECT
  entity_id,
  working_day_after(award_notice_on, 2) AS occurred_on,
  CASE WHEN working_days_between(award_notice_on, award_published_on) <= 2 THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  coalesce(award_published_on < award_notice_on, false) AS excluded,
  record_key, file_id, line
FROM known.contract
WHERE kind = 'procurement'
  AND stage IS DISTINCT FROM 'cancelled'
  AND award_notice_on IS NOT NULL
