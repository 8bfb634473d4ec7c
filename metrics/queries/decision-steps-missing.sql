/*
title: { zh: 重大决策缺少哪些步骤, en: "Steps that decisions lack" }
answers:
  zh: "本年作出的重大行政决策，六个法定步骤各有多少件缺少。"
  en: "Of this year's major decisions, how many lack each of the six required steps."
*/
UNPIVOT (
  SELECT count(*) AS decisions,
    count(*) FILTER (WHERE NOT public_participation) AS public_participation,
    count(*) FILTER (WHERE NOT expert_argument) AS expert_argument,
    count(*) FILTER (WHERE NOT risk_assessment) AS risk_assessment,
    count(*) FILTER (WHERE NOT legality_review) AS legality_review,
    count(*) FILTER (WHERE NOT compliance_review) AS compliance_review,
    count(*) FILTER (WHERE NOT collective_discussion) AS collective_discussion
  FROM decision_procedure
  WHERE year(decided_on) = (SELECT year(max(ends_on)) FROM period)
) ON COLUMNS (* EXCLUDE decisions) INTO NAME step VALUE missing
