/*
title: { zh: 整改数不超过问题数, en: No more findings were corrected than found }
kinds: [inspection]
severity: warn
message:
  zh: "有 {rows} 次检查的整改数超过发现的问题数，请核对。"
  en: "{rows} inspections name more findings corrected than found; check the numbers."
*/
SELECT record_key, file_id, line, CAST(findings_corrected AS VARCHAR) || ' of ' || CAST(findings AS VARCHAR) AS detail
FROM record
WHERE findings_corrected > findings
