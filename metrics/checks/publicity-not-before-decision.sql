/*
title: { zh: 双公示不早于决定, en: Nothing is published before it is decided }
kinds: [publicity_item]
severity: warn
message:
  zh: "有 {rows} 条双公示信息的公示日期早于决定日期，请核对。"
  en: "{rows} licences or penalties were published before they were decided; check the dates."
*/
SELECT record_key, file_id, line,
  'decided ' || CAST(decided_on AS VARCHAR) || ', published ' || CAST(published_on AS VARCHAR) AS detail
FROM record
WHERE published_on < decided_on
