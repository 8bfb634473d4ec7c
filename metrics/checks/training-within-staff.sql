/*
title: { zh: 参训人数不超过总人数, en: No more were trained than there are }
kinds: [training]
severity: warn
message:
  zh: "有 {rows} 次培训的参训人数超过应训人数或为负数，请核对。"
  en: "{rows} trainings name more people trained than there are, or fewer than none; check the numbers."
*/
SELECT record_key, file_id, line, CAST(staff_trained AS VARCHAR) || ' of ' || CAST(staff_total AS VARCHAR) AS detail
FROM record
WHERE staff_trained > staff_total OR staff_trained < 0
