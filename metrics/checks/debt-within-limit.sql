/*
title: { zh: 债务余额不超限额, en: Debt stays within its limit }
kinds: [debt_position]
severity: warn
message:
  zh: "有 {rows} 条记录的债务余额超过限额；若属实，须按预算法第三十五条处置。"
  en: "{rows} records show more debt than the limit allows; if true, article 35 of the Budget Law applies."
*/
SELECT record_key, file_id, line,
  'total ' || coalesce(CAST(total_debt AS VARCHAR), '-') || ' of ' || coalesce(CAST(debt_limit AS VARCHAR), '-')
    || ', general ' || coalesce(CAST(general_debt AS VARCHAR), '-') || ' of ' || coalesce(CAST(general_debt_limit AS VARCHAR), '-')
    || ', special ' || coalesce(CAST(special_debt AS VARCHAR), '-') || ' of ' || coalesce(CAST(special_debt_limit AS VARCHAR), '-') AS detail
FROM record
WHERE total_debt > debt_limit OR general_debt > general_debt_limit OR special_debt > special_debt_limit
