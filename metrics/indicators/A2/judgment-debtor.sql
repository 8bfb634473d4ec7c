/*
title: { zh: "失信被执行人", en: "Judgment debtor" }
clause: A2
levels: [district, department, township]
unit: { zh: "条", en: "records" }
direction: lower
aggregate: list
numerator:
  zh: "不适用：逐条列出"
  en: "Not applicable: single records are listed"
denominator:
  zh: "不适用：逐条列出"
  en: "Not applicable: single records are listed"
rollup: false
when_empty: zero
reads: { dishonesty_record: [state_on?, repaired_on?, objection_filed_on?, obligation_amount?] }
source: { zh: "最高人民法院关于公布失信被执行人名单信息的若干规定 第4、6、7条", en: "Several Provisions of the Supreme People's Court on Publishing Information from the List of Dishonest Persons Subject to Enforcement, Arts. 4, 6 and 7" }
note:
  zh: "履行完毕、和解履行或终结执行后移出名单的，自移出之日起不再计；异议期间仍计。名单状态以数据截至时间所知为准，各期相同"
  en: "Counts until taken off the list, on full performance, settlement or the end of execution; an objection alone changes nothing. A listing has one state, the one known at the as-of time, for all periods"
*/
SELECT
  entity_id,
  decided_on AS occurred_on,
  CASE state WHEN 'repaired' THEN coalesce(repaired_on, state_on) WHEN 'expired' THEN state_on END AS ended_on,
  CASE WHEN state = 'disputed' THEN objection_filed_on END AS disputed_on,
  obligation_amount AS numerator,
  1 AS denominator,
  'listed' AS category,
  (state = 'repaired' AND coalesce(repaired_on, state_on) IS NULL)
    OR (state = 'expired' AND state_on IS NULL) AS excluded,
  record_key, file_id, line
FROM known.dishonesty_record
WHERE record_type = 'judgment_debtor'
  AND subject_kind = 'organ'
  AND state IN ('confirmed', 'published', 'disputed', 'upheld', 'corrected', 'repaired', 'expired')
