/*
title: { zh: "重大决策程序完备率", en: "Major decisions made with every required step" }
clause: A1
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "六个步骤（公众参与、专家论证、风险评估、合法性审查、合规性审核、集体讨论）中依法需要的都已履行的决策；依法不需要的步骤不要求"
  en: "Decisions that took every step the law asked of them: public participation, expert argument, risk assessment, review of legality and of compliance, collective discussion; a step the law did not ask for is not missed"
denominator:
  zh: "统计窗口内作出的重大行政决策（六个步骤全无记载的不计入）"
  en: "Major decisions made in the window; those of which no step at all is recorded are left out"
minimum_sample: 3
reads: { decision_procedure: [public_participation, expert_argument, risk_assessment, legality_review, compliance_review, collective_discussion] }
source: { zh: "青信用〔2018〕2号 二（一）1；国发〔2016〕76号", en: "Qingdao Credit Office, No. 2 of 2018, II(1)1; State Council, No. 76 of 2016" }
*/
SELECT
  entity_id,
  decided_on AS occurred_on,
  -- A step that is NULL was lawfully not required for this decision.
  CASE WHEN coalesce(public_participation, true) AND coalesce(expert_argument, true)
    AND coalesce(risk_assessment, true) AND coalesce(legality_review, true)
    AND coalesce(compliance_review, true) AND coalesce(collective_discussion, true)
    THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  coalesce(public_participation, expert_argument, risk_assessment,
    legality_review, compliance_review, collective_discussion) IS NULL AS excluded,
  record_key, file_id, line
FROM known.decision_procedure
