/*
title: { zh: 一个代码同时只对应一个单位, en: A code names one body at a time }
severity: warn
message:
  zh: "有 {rows} 个代码在同一时期对应多个单位，用它的记录无法归属，请核对区划代码和统一社会信用代码。"
  en: "{rows} codes name several bodies at the same time, so that records with them cannot be placed; check division codes and credit codes."
*/
SELECT a.record_key, a.file_id, a.line,
  a.scheme || ' ' || a.code || ': ' || a.entity_id || ', ' || b.entity_id AS detail
FROM known.entity_code AS a
JOIN known.entity_code AS b ON b.scheme = a.scheme AND b.code = a.code AND b.entity_id > a.entity_id
  AND b.valid_from < coalesce(a.valid_to, DATE '9999-12-31') AND a.valid_from < coalesce(b.valid_to, DATE '9999-12-31')
WHERE a.scheme <> 'name'
