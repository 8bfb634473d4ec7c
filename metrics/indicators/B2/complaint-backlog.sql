/*
title: { zh: "诉求逾期未办结率", en: "Complaints open past their due day at the end of the period" }
clause: B2
levels: [district, department, township]
unit: { zh: "%", en: "%" }
direction: lower
aggregate: ratio
evidence: state
scale: 100
numerator:
  zh: "期末已到期（期末当日到期的也计）而未办结的全部诉求，不论何时受理"
  en: "Every complaint due by the end of the period, its last day included, and still open then, whenever received"
denominator:
  zh: "窗口内受理的诉求（更早受理的只计入分子，故可能超过100%）；期末未结而无期限的不计入"
  en: "Complaints received in the window (older ones count in the numerator alone, so that the share can pass 100 %); those open without a due day are left out"
minimum_sample: 10
reads: { complaint: [due_at, closed_at, category?] }
source: { zh: "青信用〔2018〕2号 二（二）2", en: "Qingdao Credit Office, No. 2 of 2018, II(2)2" }
*/
SELECT
  c.entity_id,
  p.period,
  c.received_on AS occurred_on,
  CASE WHEN c.due_on <= p."end" AND c.open_until > p."end" THEN 1 ELSE 0 END AS numerator,
  CASE WHEN c.received_on >= p.window_start THEN 1 ELSE 0 END AS denominator,
  c.category,
  c.due_on IS NULL AND c.open_until > p."end" AS excluded,
  c.record_key, c.file_id, c.line
FROM (
  SELECT entity_id, category, record_key, file_id, line,
    CAST(received_at AS DATE) AS received_on,
    CAST(due_at AS DATE) AS due_on,
    coalesce(CAST(closed_at AS DATE), DATE '9999-12-31') AS open_until
  FROM known.complaint
) AS c
JOIN period p
  ON c.received_on <= p."end"
  AND (c.received_on >= p.window_start OR (c.due_on <= p."end" AND c.open_until > p."end"))
