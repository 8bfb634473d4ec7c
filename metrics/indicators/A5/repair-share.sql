/*
title: { zh: "失信修复率", en: "Dishonesty records repaired" }
clause: A5
levels: [district, department, township]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
evidence: state
scale: 100
denominator:
  zh: "窗口内处于可修复状态的机关失信记录：认定满三个月、窗口开始前未修复、期末前未到期；修复或到期日期不明的不计入"
  en: "Records of organs that could be repaired in the window: decided three months before its end, not repaired before it began, not expired by its end; those repaired or expired on an unknown day are left out"
minimum_sample: 2
reads: [dishonesty_record]
source: "青信用〔2018〕2号 二(一)5; 失信行为纠正后的信用信息修复管理办法（国家发改委令第58号，最短公示期三个月）"
*/
SELECT
  d.entity_id,
  p.period,
  d.decided_on AS occurred_on,
  CASE WHEN d.state = 'repaired' AND coalesce(d.repaired_on, d.state_on) <= p."end" THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  d.severity AS category,
  (d.state = 'repaired' AND coalesce(d.repaired_on, d.state_on) IS NULL)
    OR (d.state = 'expired' AND d.state_on IS NULL) AS excluded,
  d.record_key, d.file_id, d.line
FROM known.dishonesty_record d
JOIN period p ON d.decided_on <= p."end" - INTERVAL '3' MONTH
WHERE d.subject_kind = 'organ'
  AND d.state IN ('confirmed', 'published', 'upheld', 'corrected', 'repaired', 'expired')
  AND (d.state <> 'repaired' OR coalesce(d.repaired_on, d.state_on, p."end") >= p.window_start)
  AND (d.state <> 'expired' OR d.state_on IS NULL OR d.state_on > p."end")
