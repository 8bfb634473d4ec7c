/*
title: { zh: "公开承诺领域覆盖率", en: "Service fields with a public commitment" }
clause: C6
levels: [township]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
evidence: state
scale: 100
numerator:
  zh: "有已公开且在窗口内有效的承诺的领域"
  en: "Fields with a disclosed commitment that was running in the window"
denominator:
  zh: "十四个服务领域"
  en: "The fourteen service fields"
rollup: false
when_empty: zero
reads: { service_commitment: [disclosed_on] }
source: { zh: "青信用〔2018〕2号 二（三）6（十四个服务领域）", en: "Qingdao Credit Office, No. 2 of 2018, II(3)6 (fourteen service fields)" }
note:
  zh: "领域内有期末前已公开、且在窗口内仍有效（到期日不早于窗口开始）的承诺即为覆盖；没有任何承诺的街道、镇为0"
  en: "A field is covered by a commitment disclosed by the end of the period that was still running in the window; a subdistrict or town without any commitment has 0"
*/
SELECT
  t.entity_id,
  t.period,
  coalesce(covered.disclosed_on, t.period_end) AS occurred_on,
  CASE WHEN covered.field IS NULL THEN 0 ELSE 1 END AS numerator,
  1 AS denominator,
  f.field AS category,
  false AS excluded,
  covered.record_key, covered.file_id, covered.line
FROM (
  SELECT DISTINCT s.entity_id, p.period, p."end" AS period_end
  FROM known.service_commitment s
  JOIN period p ON s.promised_on <= p."end" AND s.due_on >= p.window_start
) AS t
CROSS JOIN (
  VALUES ('employment'), ('property'), ('schooling'), ('family_planning'), ('elderly'), ('disability'), ('poverty'),
    ('health_insurance'), ('housing'), ('travel'), ('parking'), ('fire_theft'), ('military_families'), ('convenience')
) AS f(field)
LEFT JOIN (
  SELECT s.entity_id, p.period, s.field, s.disclosed_on, s.record_key, s.file_id, s.line,
    row_number() OVER (PARTITION BY s.entity_id, p.period, s.field ORDER BY s.disclosed_on DESC, s.record_key) AS age
  FROM known.service_commitment s
  JOIN period p ON s.disclosed_on <= p."end" AND s.due_on >= p.window_start
) AS covered
  ON covered.entity_id = t.entity_id AND covered.period = t.period AND covered.field = f.field AND covered.age = 1
