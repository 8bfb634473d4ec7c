/*
title: { zh: "受限期内获表彰比例", en: "Honours given under a record in force" }
clause: A4
levels: [district, department, township]
unit: { zh: "%", en: "%" }
direction: lower
aggregate: ratio
scale: 100
numerator:
  zh: "授予之日有失信记录有效的"
  en: "Those given on a day on which a dishonesty record of the body was in force"
denominator:
  zh: "窗口内授予的荣誉；撤销早于授予的不计入"
  en: "Honours given in the window; those dated as revoked before they were given are left out"
minimum_sample: 1
rollup: false
reads: { honour: [revoked_on?], dishonesty_record: [state_on?, repaired_on?] }
source: { zh: "青信用〔2018〕2号 二（一）4（取消评优资格）", en: "Qingdao Credit Office, No. 2 of 2018, II(1)4 (loss of eligibility for honours)" }
note:
  zh: "自决定之日起至修复或到期之日止为有效；修复或到期之日未记载的，按仍有效计"
  en: "A record is in force from the day of its decision until it is repaired or expires; where that day is not recorded it counts as in force"
*/
SELECT
  h.entity_id,
  h.awarded_on AS occurred_on,
  CASE WHEN EXISTS (
    SELECT 1 FROM known.dishonesty_record r
    WHERE r.entity_id = h.entity_id AND r.subject_kind = 'organ'
      AND r.state IN ('confirmed', 'published', 'disputed', 'upheld', 'corrected', 'repaired', 'expired')
      AND r.decided_on <= h.awarded_on
      AND (r.state NOT IN ('repaired', 'expired') OR coalesce(r.repaired_on, r.state_on, h.awarded_on + 1) > h.awarded_on)
  ) THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  h.rank AS category,
  coalesce(h.revoked_on < h.awarded_on, false) AS excluded,
  h.record_key, h.file_id, h.line
FROM known.honour h
