/*
title: { zh: 哪些来源有坏数据, en: "Bad rows by source" }
answers:
  zh: "各来源隔离的行数，按原因。"
  en: "Rows set aside, by source and reason."
*/
SELECT source_id, reason, CAST(sum(row_count) AS BIGINT) AS row_count
FROM quarantine
WHERE NOT in_refused_file
GROUP BY source_id, reason
ORDER BY source_id, reason
