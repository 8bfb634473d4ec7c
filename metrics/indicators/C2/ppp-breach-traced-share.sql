/*
title: { zh: "PPP违约责任追溯率", en: "PPP breaches traced to those responsible" }
clause: C2
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "责任职务和违约阶段都有记载的"
  en: "Those of which both the office responsible and the stage of the breach are recorded"
denominator:
  zh: "窗口内发生的政府方PPP违约；违约原因未记载的不计入"
  en: "Breaches of PPP projects by the government in the window; those without a recorded reason are left out"
reads: { contract: [outcome, outcome_on, breach_by, breach_reason, breach_stage, responsible_role] }
source: { zh: "青信用〔2018〕2号 二（三）2（项目责任回溯机制）；国发〔2016〕76号", en: "Qingdao Credit Office, No. 2 of 2018, II(3)2 (mechanism for tracing back responsibility for projects); State Council, No. 76 of 2016" }
note:
  zh: "责任追溯到职务，不记姓名"
  en: "Traced to an office, never to a name"
*/
SELECT
  entity_id,
  outcome_on AS occurred_on,
  CASE WHEN responsible_role IS NOT NULL AND breach_stage IS NOT NULL THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  breach_stage AS category,
  breach_reason IS NULL AS excluded,
  record_key, file_id, line
FROM known.contract
WHERE kind = 'ppp'
  AND outcome = 'broken'
  AND breach_by = 'government'
  AND outcome_on IS NOT NULL
