/*
title: { zh: "养老金净负债占收入比重", en: "Net pension liability to revenue" }
clause: CT
levels: [town]
unit: { zh: "%", en: "%" }
direction: lower
aggregate: ratio
scale: 100
numerator:
  zh: "养老金净负债（美元）"
  en: "Dollars of net pension liability"
denominator:
  zh: "财政年度普通基金收入（美元）"
  en: "Dollars of general fund revenue of the fiscal year"
rollup: false
reads: { debt_position: [pension_liability, budget_revenue, source_grade] }
source: { zh: "GASB 第68号公告（2014年6月15日起的财政年度）：养老金净负债；按穆迪（2014）的做法与收入相比，不作其调整", en: "GASB Statement 68 (fiscal years from 15 June 2014): net pension liability; put against revenue as Moody's does (2014), without its adjustments" }
note:
  zh: "2015 财政年度起才有；零表示无固定收益计划或已足额"
  en: "There since fiscal year 2015; zero means no defined-benefit plan or a fully funded one"
*/
SELECT
  d.entity_id,
  d.as_at AS occurred_on,
  d.pension_liability AS numerator,
  coalesce(d.budget_revenue, 0) AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  d.pension_liability IS NULL OR d.budget_revenue IS NULL AS excluded,
  d.record_key,
  d.file_id,
  d.line
FROM known.debt_position d
WHERE d.source_grade = 'reported'
