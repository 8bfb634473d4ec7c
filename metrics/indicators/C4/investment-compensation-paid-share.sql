/*
title: { zh: "招商引资补偿兑付率", en: "Compensation to investors paid" }
clause: C4
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "已补偿的金额（元），每项至多计应补偿额"
  en: "Yuan of compensation paid, at most what was due for each"
denominator:
  zh: "窗口内依法变更或政府违约的招商引资承诺的应补偿金额（元）；应补偿额未记载的不计入"
  en: "Yuan of compensation due for investment promises changed by law or broken by the government in the window; those without the sum due are left out"
reads: { contract: [outcome, outcome_on, breach_by, compensation_due, compensation_paid] }
source: { zh: "青信用〔2018〕2号 二（三）4（依法变更的予以补偿）", en: "Qingdao Credit Office, No. 2 of 2018, II(3)4 (compensation where a change is made by law)" }
*/
SELECT
  entity_id,
  outcome_on AS occurred_on,
  least(coalesce(compensation_paid, 0), compensation_due) AS numerator,
  compensation_due AS denominator,
  outcome AS category,
  compensation_due IS NULL AS excluded,
  record_key, file_id, line
FROM known.contract
WHERE kind = 'investment'
  AND outcome IN ('changed_lawfully', 'broken')
  AND outcome_on IS NOT NULL
  AND coalesce(breach_by, 'government') <> 'counterparty'
