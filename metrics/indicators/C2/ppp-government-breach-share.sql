/*
title: { zh: "PPP项目政府违约率", en: "PPP projects breached by the government" }
clause: C2
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: lower
aggregate: ratio
evidence: state
scale: 100
numerator:
  zh: "期末前由政府方违约的"
  en: "Those broken by the government by the end of the period"
denominator:
  zh: "窗口内存续的PPP项目：期末前签约，窗口开始前未了结；违约方不明的不计入"
  en: "PPP projects alive in the window: signed by its end, not settled before it began; those broken by nobody knows whom are left out"
reads: { contract: [signed_on, outcome, outcome_on, breach_by, breach_stage?, stage?] }
source: { zh: "青信用〔2018〕2号 二（三）2（PPP失信违约记录）；国发〔2016〕76号", en: "Qingdao Credit Office, No. 2 of 2018, II(3)2 (records of dishonesty and breach in PPP); State Council, No. 76 of 2016" }
*/
SELECT
  c.entity_id,
  p.period,
  c.signed_on AS occurred_on,
  CASE WHEN c.outcome = 'broken' AND c.breach_by = 'government' AND c.outcome_on <= p."end" THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  coalesce(c.breach_stage, c.stage) AS category,
  c.outcome = 'broken' AND (c.breach_by IS NULL OR c.outcome_on IS NULL) AS excluded,
  c.record_key, c.file_id, c.line
FROM known.contract c
JOIN period p ON c.signed_on <= p."end" AND (c.outcome_on IS NULL OR c.outcome_on >= p.window_start)
WHERE c.kind = 'ppp'
