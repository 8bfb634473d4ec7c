/*
title: { zh: "招商引资承诺兑现率", en: "Investment promises kept" }
clause: C4
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "已兑现的，以及依法变更而足额补偿的"
  en: "Those kept, and those changed by law and compensated in full"
denominator:
  zh: "窗口内有结果的招商引资承诺（因对方违约的除外）；依法变更而应补偿额未记载的不计入"
  en: "Investment promises settled in the window, except those broken by the other side; those changed by law without the compensation due being recorded are left out"
minimum_sample: 2
reads: { contract: [outcome, outcome_on, breach_by, compensation_due, compensation_paid] }
source: { zh: "青信用〔2018〕2号 二（三）4（不得以换届、责任人更替为由违约）；优化营商环境条例第31条", en: "Qingdao Credit Office, No. 2 of 2018, II(3)4 (no breach on the ground of a change of government or of the persons responsible); Regulations on Optimizing the Business Environment, Art. 31" }
by_analogy: true
*/
SELECT
  entity_id,
  outcome_on AS occurred_on,
  -- Lawfully changed and fully compensated is kept.
  CASE WHEN outcome = 'kept' THEN 1
    WHEN outcome = 'changed_lawfully' AND coalesce(compensation_paid, 0) >= compensation_due THEN 1
    ELSE 0 END AS numerator,
  1 AS denominator,
  outcome AS category,
  outcome = 'changed_lawfully' AND compensation_due IS NULL AS excluded,
  record_key, file_id, line
FROM known.contract
WHERE kind = 'investment'
  AND outcome IN ('kept', 'changed_lawfully', 'broken')
  AND outcome_on IS NOT NULL
  AND coalesce(breach_by, 'government') <> 'counterparty'
