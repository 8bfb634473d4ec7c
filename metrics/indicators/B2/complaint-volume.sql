/*
title: { zh: "万人诉求量（年化）", en: "Complaints per 10,000 inhabitants and year" }
clause: B2
levels: [district, township]
unit: { zh: "件/万人", en: "per 10,000 inhabitants and year" }
direction: lower
aggregate: ratio
scale: 120000
numerator:
  zh: "窗口内受理的诉求件数，含下级单位的"
  en: "Complaints received in the window, those of lower bodies included"
denominator:
  zh: "人口×月：窗口内有诉求数据的月份，按当月有效的人口数逐月相加；人口未知的月份不计入"
  en: "Inhabitants × months: the population in force in each month of the window for which complaints were delivered, added up; months of unknown population are left out"
rollup: false
reads: { complaint: [category?], entity: [population] }
source: { zh: "青信用〔2018〕2号 二（二）2", en: "Qingdao Credit Office, No. 2 of 2018, II(2)2" }
note:
  zh: "诉求按所属上级归集在SQL内完成，人口取本级数，不与下级相加；样本量含人口月份行"
  en: "Complaints of lower bodies are brought up in the SQL itself, so that a population is never added to that of the bodies within it; the sample size includes the rows of population"
*/
SELECT
  l.ancestor_id AS entity_id,
  CAST(c.received_at AS DATE) AS occurred_on,
  1 AS numerator,
  0 AS denominator,
  c.category,
  false AS excluded,
  c.record_key, c.file_id, c.line
FROM known.complaint c
JOIN known.entity_lineage l ON l.entity_id = c.entity_id
UNION ALL
SELECT
  e.entity_id,
  m.month AS occurred_on,
  0 AS numerator,
  e.population AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  e.population IS NULL OR e.population <= 0 AS excluded,
  e.record_key, e.file_id, e.line
FROM (
  SELECT DISTINCT month_of(day) AS month
  FROM (SELECT DISTINCT CAST(received_at AS DATE) AS day FROM known.complaint) AS days
) AS m
JOIN known.entity e ON e.valid_from <= m.month AND (e.valid_to IS NULL OR e.valid_to > m.month)
