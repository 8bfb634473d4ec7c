/*
title: { zh: "采购款支付时长中位数", en: "Median days from delivery to payment" }
clause: C1
levels: [district, department]
unit: { zh: "天", en: "days" }
direction: lower
aggregate: median
denominator:
  zh: "窗口内付款的采购；交付日未记载的不计入；预付款计为0天"
  en: "Procurements paid in the window; those without a day of delivery are left out; payment in advance is zero days"
minimum_sample: 3
reads: { contract: [delivered_on, paid_on] }
source: { zh: "保障中小企业款项支付条例第9条; 青信用〔2018〕2号 二(三)1", en: "Regulations on Ensuring Payments to Small and Medium-sized Enterprises, Art. 9; Qingdao Credit Office, No. 2 of 2018, II(3)1" }
*/
SELECT
  entity_id,
  paid_on AS occurred_on,
  greatest(date_diff('day', delivered_on, paid_on), 0) AS numerator,
  1 AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  delivered_on IS NULL AS excluded,
  record_key, file_id, line
FROM known.contract
WHERE kind = 'procurement'
  AND paid_on IS NOT NULL
