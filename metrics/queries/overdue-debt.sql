/*
title: { zh: 各区市逾期债务占比的变化, en: "Overdue debt of districts" }
answers:
  zh: "本年各月各区市逾期债务（万元）及占债务余额的百分比，只列有逾期的。"
  en: "Overdue debt of each month of the year (in 10,000 yuan) and its share of the debt, where there is any."
*/
SELECT d.entity_id, e.name_zh, d.as_at, round(d.overdue_debt / 10000, 2) AS overdue_wan,
  round(100.0 * d.overdue_debt / d.total_debt, 2) AS share_percent
FROM debt_position d
JOIN entity e ON e.entity_id = d.entity_id
WHERE d.frequency = 'month' AND d.overdue_debt > 0
  AND d.as_at BETWEEN date_trunc('year', (SELECT max(ends_on) FROM period)) AND (SELECT max(ends_on) FROM period)
ORDER BY d.entity_id, d.as_at
