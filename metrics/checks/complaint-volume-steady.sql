/*
title: { zh: 投诉量没有骤降, en: The number of complaints did not collapse }
kinds: [complaint]
severity: warn
message:
  zh: "最近一个完整月份的投诉量不到上年同月的一半，数据可能没有报全。"
  en: "The last full month has fewer than half the complaints of the same month a year before; the delivery may be incomplete."
*/
WITH month_count AS (
  SELECT month_of(valid_from) AS month, count(*) AS complaints FROM record GROUP BY month_of(valid_from)
), last_full AS (
  SELECT CAST(month_of(getvariable('as_of')) - INTERVAL '1' MONTH AS DATE) AS month
)
SELECT NULL AS record_key, NULL AS file_id, NULL AS line,
  CAST(before.month AS VARCHAR) || ': ' || CAST(before.complaints AS VARCHAR) || ', '
    || CAST(last_full.month AS VARCHAR) || ': ' || CAST(coalesce(latest.complaints, 0) AS VARCHAR) AS detail
FROM last_full
JOIN month_count AS before ON before.month = CAST(last_full.month - INTERVAL '1' YEAR AS DATE)
LEFT JOIN month_count AS latest ON latest.month = last_full.month
WHERE coalesce(latest.complaints, 0) * 2 < before.complaints
