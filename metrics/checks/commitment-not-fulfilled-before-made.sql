/*
title: { zh: 承诺的履行不早于作出, en: No commitment is fulfilled before it is made }
kinds: [commitment]
severity: warn
message:
  zh: "有 {rows} 项承诺的履行日期或期限早于作出日期，请核对。"
  en: "{rows} commitments were fulfilled or due before they were made; check the dates."
*/
SELECT record_key, file_id, line,
  'made ' || CAST(made_on AS VARCHAR) || ', due ' || CAST(due_on AS VARCHAR) || coalesce(', fulfilled ' || CAST(fulfilled_on AS VARCHAR), '') AS detail
FROM record
WHERE fulfilled_on < made_on OR due_on < made_on
