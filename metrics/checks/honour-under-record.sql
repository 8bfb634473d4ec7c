/*
title: { zh: 受限期内不授予荣誉, en: No honour while a record is in force }
kinds: [honour]
severity: warn
message:
  zh: "近十二个月授予且未撤销的荣誉中，有 {rows} 项授予时获奖单位有在效的第二、三计分档失信记录，请评选主办单位复核（青信用〔2018〕2号 二（一）4）。"
  en: "Of the honours of the last twelve months that were not revoked, {rows} went to bodies with a record of scoring class 2 or 3 in force; those who awarded them should look again (Qingdao Credit Office, No. 2 of 2018, II(1)4)."
*/
SELECT h.record_key, h.file_id, h.line, 'awarded ' || CAST(h.awarded_on AS VARCHAR) AS detail
FROM record h
WHERE h.revoked_on IS NULL
  AND h.awarded_on > CAST(getvariable('as_of') AS DATE) - INTERVAL '12' MONTH
  AND EXISTS (
  SELECT 1 FROM known.dishonesty_record d
  WHERE d.entity_id = h.entity_id AND d.subject_kind = 'organ' AND d.severity IN ('general', 'serious')
    AND d.state IN ('confirmed', 'published', 'disputed', 'upheld', 'corrected', 'repaired', 'expired')
    AND d.decided_on <= h.awarded_on AND (d.repaired_on IS NULL OR d.repaired_on > h.awarded_on)
    AND (d.publication_ends_on IS NULL OR d.publication_ends_on > h.awarded_on)
)
