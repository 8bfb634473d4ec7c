/*
title: { zh: "异议按时答复率", en: "Objections answered on time" }
clause: A5
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "在期限内答复的，期限当日为按时"
  en: "Those answered within the limit; its last day is on time"
denominator:
  zh: "答复期限（提出之日适用规则的工作日数）在窗口内届满的异议；没有规则可依的和答复日早于提出日的不计入"
  en: "Objections whose limit, in working days by the rule of the day of filing, ran out in the window; those no rule speaks of and those dated as answered before they were filed are left out"
minimum_sample: 2
reads: { dishonesty_record: [objection_filed_on+, objection_answered_on+] }
source: { zh: "期限见 metrics/rules（山东省社会信用条例（2020）第39条）", en: "limits in metrics/rules (Shandong Regulations on Social Credit (2020), Art. 39)" }
by_analogy: true
note:
  zh: "按规则中较宽的期限（需其他单位核查）计：来源不说明是否需要核查"
  en: "The longer limit of the rule is used, that of another body checking: sources do not say whether one must"
*/
SELECT
  entity_id,
  working_day_after(objection_filed_on, objection_answer_days) AS occurred_on,
  CASE WHEN working_days_between(objection_filed_on, objection_answered_on) <= objection_answer_days THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  record_type AS category,
  coalesce(objection_answered_on < objection_filed_on, false) AS excluded,
  record_key, file_id, line
FROM known.dishonesty_record
WHERE subject_kind = 'organ'
  AND objection_filed_on IS NOT NULL
  AND objection_answer_days IS NOT NULL
