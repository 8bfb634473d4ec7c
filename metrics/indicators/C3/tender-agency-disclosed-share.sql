/*
title: { zh: "招标代理机构信用公开率", en: "Tender agencies whose credit is disclosed" }
clause: C3
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "代理机构已公开的"
  en: "Those whose agency was disclosed"
denominator:
  zh: "评标报告在窗口内的委托代理的招标；已公开而未记载代理机构的不计入"
  en: "Tenders run by an agency whose evaluation report is in the window; those disclosed without naming an agency are left out"
minimum_sample: 3
reads: { contract: [evaluation_report_on, agency_disclosed_on, agency_uscc?, agency_name?] }
source: { zh: "青信用〔2018〕2号 二（三）3（代理机构信用公开）", en: "Qingdao Credit Office, No. 2 of 2018, II(3)3 (disclosure of agencies' credit)" }
*/
SELECT
  entity_id,
  evaluation_report_on AS occurred_on,
  CASE WHEN agency_disclosed_on IS NOT NULL THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  coalesce(agency_uscc, agency_name) IS NULL AS excluded,
  record_key, file_id, line
FROM known.contract
WHERE kind = 'tender'
  AND evaluation_report_on IS NOT NULL
  AND (coalesce(agency_uscc, agency_name) IS NOT NULL OR agency_disclosed_on IS NOT NULL)
