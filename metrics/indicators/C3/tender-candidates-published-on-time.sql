/*
title: { zh: "中标候选人按时公示率", en: "Bid candidates published within three days" }
clause: C3
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "收到评标报告之日起3日内公示候选人的"
  en: "Those whose candidates were published within three days of the evaluation report"
denominator:
  zh: "公示期限（收到评标报告之日起3日）在窗口内届满的招标；公示早于评标报告的不计入"
  en: "Tenders whose limit of three days from the evaluation report ran out in the window; those dated as published before the report are left out"
minimum_sample: 3
reads: { contract: [evaluation_report_on, candidates_published_on] }
source: { zh: "招标投标法实施条例第54条；青信用〔2018〕2号 二（三）3", en: "Implementing Regulations of the Tendering and Bidding Law, Art. 54; Qingdao Credit Office, No. 2 of 2018, II(3)3" }
*/
SELECT
  entity_id,
  CAST(evaluation_report_on + INTERVAL '3' DAY AS DATE) AS occurred_on,
  CASE WHEN date_diff('day', evaluation_report_on, candidates_published_on) <= 3 THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  coalesce(candidates_published_on < evaluation_report_on, false) AS excluded,
  record_key, file_id, line
FROM known.contract
WHERE kind = 'tender'
  AND evaluation_report_on IS NOT NULL
