/*
title: { zh: "采购款支付时长中位数", en: "Median days from delivery or acceptance to payment" }
clause: C1
levels: [district, department]
unit: { zh: "天", en: "days" }
direction: lower
aggregate: median
numerator:
  zh: "自起算日至付款日的天数，取中位数"
  en: "Days until payment, of which the median is taken"
denominator:
  zh: "窗口内付款的采购；合同以验收为付款条件的自验收之日起，其他自交付之日起；该日未记载的不计入；预付款计为0天；取消的合同不计入"
  en: "Procurements paid in the window, counted from acceptance where the contract makes it the condition, else from delivery; those without that day are left out; payment in advance is zero days; cancelled contracts are left out"
minimum_sample: 3
reads: { contract: [delivered_on, accepted_on?, paid_on, stage?] }
source: { zh: "保障中小企业款项支付条例（2020）第8、9条、（2025）第9条；青信用〔2018〕2号 二（三）1", en: "Regulations on Ensuring Payments to Small and Medium-sized Enterprises (2020), Arts. 8 and 9, and (2025), Art. 9; Qingdao Credit Office, No. 2 of 2018, II(3)1" }
by_analogy: true
*/
SELECT
  entity_id,
  paid_on AS occurred_on,
  greatest(date_diff('day', coalesce(accepted_on, delivered_on), paid_on), 0) AS numerator,
  1 AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  coalesce(accepted_on, delivered_on) IS NULL AS excluded,
  record_key, file_id, line
FROM known.contract
WHERE kind = 'procurement'
  AND stage IS DISTINCT FROM 'cancelled'
  AND paid_on IS NOT NULL
