/*
title: { zh: 一般债务与专项债务之和等于总额, en: General and special debt make the total }
kinds: [debt_position]
severity: warn
message:
  zh: "有 {rows} 条记录的一般债务与专项债务之和与债务总额不符，请核对单位和口径。"
  en: "In {rows} records general and special debt do not make the total; check units and scope."
*/
SELECT record_key, file_id, line,
  CAST(general_debt AS VARCHAR) || ' + ' || CAST(special_debt AS VARCHAR) || ' <> ' || CAST(total_debt AS VARCHAR) AS detail
FROM record
WHERE scope = 'statutory' AND abs(general_debt + special_debt - total_debt) > 0.01 * total_debt
