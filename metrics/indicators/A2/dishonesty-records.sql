/*
title: { zh: "政务失信记录", en: "Dishonesty records" }
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
source: { zh: "青信用〔2018〕2号 二（一）2；发改财金〔2023〕1103号（线索不是记录，认定后才是）；信用修复管理办法（国家发改委令第36号）", en: "Qingdao Credit Office, No. 2 of 2018, II(1)2; National Development and Reform Commission, No. 1103 of 2023 (a lead is not a record; it is one only once confirmed); Measures for the Administration of Credit Repair (NDRC Order No. 36)" }
by_analogy: true
note:
  zh: "线索、核实中、责令整改和已撤销的不计；认定后提出异议的，异议期间仍计，只有更正或撤销才改变；公务员个人的记录不选取；自文书日期起计，修复或到期后不再计。记录的状态以数据截至时间所知为准，各期相同"
  en: "Leads, records under verification, ordered to be rectified or revoked do not count; a confirmed record goes on counting while it is disputed, and only correction or revocation changes that; records of officials as persons are never selected; counted from the date of the document until repaired or expired. A record has one state, the one known at the as-of time, for all periods"
*/
SELECT
  entity_id,
  decided_on AS occurred_on,
  CASE state WHEN 'repaired' THEN coalesce(repaired_on, state_on) WHEN 'expired' THEN state_on END AS ended_on,
  CASE WHEN state = 'disputed' THEN objection_filed_on END AS disputed_on,
  obligation_amount AS numerator,
  1 AS denominator,
  -- The class in which a standard deducts; it judges no act to be minor or serious.
  CASE severity WHEN 'minor' THEN 'class_1' WHEN 'general' THEN 'class_2' WHEN 'serious' THEN 'class_3' END AS category,
  -- Repaired or expired on an unknown day: it cannot be said for which periods the record counts.
  (state = 'repaired' AND coalesce(repaired_on, state_on) IS NULL)
    OR (state = 'expired' AND state_on IS NULL) AS excluded,
  record_key, file_id, line
FROM known.dishonesty_record
WHERE subject_kind = 'organ'
  AND state IN ('confirmed', 'published', 'disputed', 'upheld', 'corrected', 'repaired', 'expired')
