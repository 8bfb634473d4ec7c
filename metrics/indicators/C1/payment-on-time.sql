/*
title: { zh: "采购款按时支付率", en: "Procurement paid on time" }
clause: C1
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "在付款期限内付款的，期限当日为按时"
  en: "Those paid within the limit; its last day is on time"
denominator:
  zh: "付款期限（交付之日起30日，合同以验收为付款条件的自验收之日起，约定期限的从其约定但最长60日）在窗口内届满的采购；已付款而无日期或币种无汇率的不计入；取消的合同不计入"
  en: "Procurements whose limit of payment (30 days from delivery, or from acceptance where the contract makes it the condition, or as agreed up to 60) ran out in the window; those paid on an unknown day, or in a currency without a rate, are left out; cancelled contracts are left out"
minimum_sample: 3
reads: { contract: [delivered_on, accepted_on?, paid_on, paid_amount?, agreed_payment_days?, stage?] }
source: { zh: "保障中小企业款项支付条例（2020）第8、9条、（2025）第9条；青信用〔2018〕2号 二（三）1", en: "Regulations on Ensuring Payments to Small and Medium-sized Enterprises (2020), Arts. 8 and 9, and (2025), Art. 9; Qingdao Credit Office, No. 2 of 2018, II(3)1" }
by_analogy: true
note:
  zh: "条例2020年施行（2025年修订），约束对中小企业的付款；此处作为对全部供应商、全部年份的标尺"
  en: "The regulation (2020, revised 2025) binds payments to small and medium enterprises; here it is the yardstick for every supplier and year"
*/
SELECT
  entity_id,
  CAST(coalesce(accepted_on, delivered_on) + INTERVAL '1' DAY * least(coalesce(agreed_payment_days, 30), 60) AS DATE) AS occurred_on,
  CASE WHEN date_diff('day', coalesce(accepted_on, delivered_on), paid_on) <= least(coalesce(agreed_payment_days, 30), 60) THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  paid_on IS NULL AND (coalesce(paid_amount, 0) > 0 OR coalesce(list_contains(flags, 'no-rate:paid_amount'), false)) AS excluded,
  record_key, file_id, line
FROM known.contract
WHERE kind = 'procurement'
  AND stage IS DISTINCT FROM 'cancelled'
  AND coalesce(accepted_on, delivered_on) IS NOT NULL
