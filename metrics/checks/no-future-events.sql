/*
title: { zh: 没有未来的事件, en: Nothing happened in the future }
kinds: [complaint, dishonesty_record, publicity_item, decision_procedure, debt_position, training, honour, third_party_rating]
severity: warn
message:
  zh: "有 {rows} 条记录的发生日期晚于本次计算的时点，请核对日期。"
  en: "{rows} records happened after the as-of time of this run; check the dates."
*/
SELECT record_key, file_id, line, CAST(valid_from AS VARCHAR) AS detail
FROM record
WHERE valid_from > getvariable('as_of')
