/*
title: { zh: 债务和限额不为负, en: No debt or limit is negative }
kinds: [debt_position]
severity: stop
message:
  zh: "有 {rows} 行的债务、限额或还本付息额为负数，请核对后重新报送。"
  en: "{rows} rows have a negative debt, limit or debt service; check them and send the file again."
*/
SELECT record_key, file_id, line,
  'total ' || coalesce(CAST(total_debt AS VARCHAR), '-') || ', general ' || coalesce(CAST(general_debt AS VARCHAR), '-')
    || ', special ' || coalesce(CAST(special_debt AS VARCHAR), '-') || ', limit ' || coalesce(CAST(debt_limit AS VARCHAR), '-') AS detail
FROM record
WHERE total_debt < 0 OR general_debt < 0 OR special_debt < 0 OR hidden_debt < 0 OR debt_limit < 0 OR general_debt_limit < 0
  OR special_debt_limit < 0 OR overdue_debt < 0 OR principal_due < 0 OR principal_paid < 0 OR interest_due < 0 OR interest_paid < 0
