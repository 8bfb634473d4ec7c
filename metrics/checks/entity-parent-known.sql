/*
title: { zh: 上级单位均存在, en: Every parent body is known }
kinds: [entity]
severity: warn
message:
  zh: "有 {rows} 个单位的上级单位不存在，其数据不会计入任何上级，请核对代码。"
  en: "{rows} bodies name a parent that is not known, so that what they do counts for none; check the codes."
*/
SELECT record_key, file_id, line, 'parent ' || parent_id AS detail
FROM record
WHERE parent_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM known.entity AS parent WHERE parent.entity_id = record.parent_id)
