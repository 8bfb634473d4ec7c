/*
title: { zh: "信用修复率", en: "Dishonesty records repaired" }
clause: A5
levels: [district, department, township]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
evidence: state
scale: 100
numerator:
  zh: "期末前已修复的"
  en: "Those repaired by the end of the period"
denominator:
  zh: "窗口内处于可修复状态的机关失信记录：期末前已满其文书日期适用规则的最短公示期、窗口开始前未修复、期末前未到期；异议中的不选取；没有规则可依的（如失信被执行人名单）和修复或到期日期不明的不计入"
  en: "Records of organs that could be repaired in the window: the shortest period of publication, by the rule of the document's date, over by its end, not repaired before it began, not expired by its end; disputed ones are never selected; those no rule speaks of, as the court's list, and those repaired or expired on an unknown day are left out"
minimum_sample: 2
reads: { dishonesty_record: [repaired_on?, state_on?] }
source: { zh: "青信用〔2018〕2号 二（一）5；最短公示期见 metrics/rules（国家发展改革委令第58号、第36号）", en: "Qingdao Credit Office, No. 2 of 2018, II(1)5; shortest periods of publication in metrics/rules (NDRC Orders No. 58 and No. 36)" }
by_analogy: true
*/
SELECT
  d.entity_id,
  p.period,
  d.decided_on AS occurred_on,
  CASE WHEN d.state = 'repaired' AND coalesce(d.repaired_on, d.state_on) <= p."end" THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  -- The class in which a standard deducts; it judges no act to be minor or serious.
  CASE d.severity WHEN 'minor' THEN 'class_1' WHEN 'general' THEN 'class_2' WHEN 'serious' THEN 'class_3' END AS category,
  (d.state = 'repaired' AND coalesce(d.repaired_on, d.state_on) IS NULL)
    OR (d.state = 'expired' AND d.state_on IS NULL) AS excluded,
  d.record_key, d.file_id, d.line
FROM known.dishonesty_record d
JOIN period p ON d.earliest_repair_on <= p."end"
WHERE d.subject_kind = 'organ'
  AND d.state IN ('confirmed', 'published', 'upheld', 'corrected', 'repaired', 'expired')
  AND (d.state <> 'repaired' OR coalesce(d.repaired_on, d.state_on, p."end") >= p.window_start)
  AND (d.state <> 'expired' OR d.state_on IS NULL OR d.state_on > p."end")
