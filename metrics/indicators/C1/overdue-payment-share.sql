/*
title: { zh: "采购款拖欠率", en: "Procurement money overdue" }
clause: C1
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: lower
aggregate: ratio
evidence: state
scale: 100
numerator:
  zh: "其中期末仍未付的金额（元）：尚未付清的计未付部分，期末以后才付的计全额"
  en: "Of that, yuan not paid by the end of the period: the part outstanding, or the whole amount where it was paid after the end"
denominator:
  zh: "付款期限在窗口内届满的合同金额，加上更早到期而期末仍未付的合同金额（元）；金额未记载的、币种无汇率的不计入；取消的合同不计入"
  en: "Yuan of contracts whose payment fell due in the window, and of those due earlier but not paid by its end; contracts without an amount, or paid in a currency without a rate, are left out; cancelled contracts are left out"
reads: { contract: [amount, delivered_on, accepted_on?, paid_on, paid_amount, agreed_payment_days?, stage?] }
source: { zh: "保障中小企业款项支付条例（2020）第8、9、16条、（2025）第9、18条；青信用〔2018〕2号 二（三）1", en: "Regulations on Ensuring Payments to Small and Medium-sized Enterprises (2020), Arts. 8, 9 and 16, and (2025), Arts. 9 and 18; Qingdao Credit Office, No. 2 of 2018, II(3)1" }
by_analogy: true
note:
  zh: "条例2020年施行（2025年修订），约束对中小企业的付款；此处作为对全部供应商、全部年份的标尺"
  en: "The regulation (2020, revised 2025) binds payments to small and medium enterprises; here it is the yardstick for every supplier and year"
*/
SELECT
  entity_id,
  period,
  due_on AS occurred_on,
  CASE WHEN paid_on <= period_end THEN 0
    WHEN paid_on IS NULL THEN greatest(amount - coalesce(paid_amount, 0), 0)
    ELSE amount END AS numerator,
  amount AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  amount IS NULL OR (paid_on IS NULL AND coalesce(list_contains(flags, 'no-rate:paid_amount'), false)) AS excluded,
  record_key, file_id, line
FROM (
  SELECT c.*, p.period, p."end" AS period_end, p.window_start,
    CAST(coalesce(c.accepted_on, c.delivered_on) + INTERVAL '1' DAY * least(coalesce(c.agreed_payment_days, 30), 60) AS DATE) AS due_on
  FROM known.contract c
  CROSS JOIN period p
  WHERE c.kind = 'procurement'
    AND c.stage IS DISTINCT FROM 'cancelled'
    AND coalesce(c.accepted_on, c.delivered_on) IS NOT NULL
) AS owed
WHERE due_on <= period_end
  AND (due_on >= window_start OR paid_on IS NULL OR paid_on > period_end)
