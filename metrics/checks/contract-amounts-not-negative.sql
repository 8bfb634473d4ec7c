/*
title: { zh: 合同金额不为负, en: No contract amount is negative }
kinds: [contract]
severity: stop
message:
  zh: "有 {rows} 行的合同、付款或补偿金额为负数，请核对后重新报送。"
  en: "{rows} rows have a negative contract amount, payment or compensation; check them and send the file again."
*/
SELECT record_key, file_id, line,
  'amount ' || coalesce(CAST(amount AS VARCHAR), '-') || ', paid ' || coalesce(CAST(paid_amount AS VARCHAR), '-') AS detail
FROM record
WHERE amount < 0 OR paid_amount < 0 OR compensation_due < 0 OR compensation_paid < 0
