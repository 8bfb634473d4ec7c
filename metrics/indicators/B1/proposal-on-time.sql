/*
title: { zh: "政协提案按时办复率", en: "CPPCC proposals answered on time" }
clause: B1
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "在期限当日或之前答复的"
  en: "Those answered on or before the due day"
denominator:
  zh: "答复期限在窗口内届满的提案；答复日早于交办日的不计入"
  en: "Proposals whose answer fell due in the window; those dated as answered before they were assigned are left out"
minimum_sample: 3
reads: { proposal: [replied_on, topic?] }
source: { zh: "中国人民政治协商会议全国委员会提案工作条例；青信用〔2018〕2号 二（二）1", en: "Regulations on the Work of Proposals of the National Committee of the Chinese People's Political Consultative Conference; Qingdao Credit Office, No. 2 of 2018, II(2)1" }
*/
SELECT
  entity_id,
  due_on AS occurred_on,
  CASE WHEN replied_on <= due_on THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  topic AS category,
  coalesce(replied_on < assigned_on, false) AS excluded,
  record_key, file_id, line
FROM known.proposal
WHERE kind = 'cppcc_proposal'
