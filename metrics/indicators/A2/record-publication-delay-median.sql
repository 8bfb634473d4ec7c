/*
title: { zh: "失信记录公示用时中位数", en: "Median days to publish dishonesty records" }
clause: A2
levels: [district, department]
unit: { zh: "工作日", en: "working days" }
direction: lower
aggregate: median
numerator:
  zh: "自认定之日起至公开之日止的工作日数，取中位数"
  en: "Working days from the decision to its publication, of which the median is taken"
denominator:
  zh: "窗口内公开的机关失信记录：线索、核实中、责令整改、查否和已撤销的不选取，法院公布的失信被执行人也不选取；公开日早于认定日的不计入"
  en: "Records of organs published in the window: never leads, records under verification, ordered to be rectified, unfounded or revoked, nor the court's list of judgment debtors; those dated as published before they were decided are left out"
minimum_sample: 2
reads: { dishonesty_record: [published_on+] }
note:
  zh: "失信被执行人名单由法院公布，列入之日即公布之日：不是被执行人自己的公开，也不反映其快慢"
  en: "The list of judgment debtors is published by the court on the day of the listing: that is no publication by the debtor, and says nothing of how fast it publishes"
source: { zh: "青信用〔2018〕2号 二（一）2（分步公开）", en: "Qingdao Credit Office, No. 2 of 2018, II(1)2 (disclosure in steps)" }
*/
SELECT
  entity_id,
  published_on AS occurred_on,
  working_days_between(decided_on, published_on) AS numerator,
  1 AS denominator,
  record_type AS category,
  published_on < decided_on AS excluded,
  record_key, file_id, line
FROM known.dishonesty_record
WHERE subject_kind = 'organ'
  AND record_type <> 'judgment_debtor'
  AND published_on IS NOT NULL
  AND state IN ('confirmed', 'published', 'disputed', 'upheld', 'corrected', 'repaired', 'expired')
