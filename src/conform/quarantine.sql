-- name: add-faults
INSERT INTO quarantine.row BY NAME
WITH sentence(reason, zh, en) AS (VALUES
  ('missing', '必填列“{column}”为空，请补填后重新报送。', 'The required column "{column}" is empty; fill it in and send the row again.'),
  ('bad-date', '列“{column}”的值“{value}”不是日期，请写成 2018-01-05 的样子。', 'The value "{value}" of the column "{column}" is no date; write it as 2018-01-05.'),
  ('bad-number', '列“{column}”的值“{value}”不是能用的数字，请只填数字。', 'The value "{value}" of the column "{column}" is no number that can be used; give digits only.'),
  ('unclear-date', '列“{column}”的值“{value}”有几种读法，或没有写全年月日，不作猜测。请写成 2018-01-05 的样子，或在来源该列的 formats 中写明格式（电子表格的日序号写 excel_serial: true）。', 'The value "{value}" of the column "{column}" may be read in several ways or lacks its year, month or day, and is not guessed at. Write it as 2018-01-05, or say its form with formats in that column of the source (excel_serial: true for a spreadsheet''s day numbers).'),
  ('unclear-unit', '列“{column}”的值“{value}”所写的单位与来源该列声明的单位不合，或来源没有声明单位，不作猜测。请写全单位（如 3.2亿元），或在来源该列写明 unit。', 'The unit in the value "{value}" of the column "{column}" does not go with the one the source declares there, or the source declares none; it is not guessed at. Write the unit in full (as 3.2亿元), or give unit in that column of the source.'),
  ('unclear-number', '列“{column}”的值“{value}”中的点和逗号有几种读法，不作猜测。请写成 1234.50 或 1,234.50 的样子。', 'The points and commas in the value "{value}" of the column "{column}" may be read in several ways and are not guessed at. Write it as 1234.50 or 1,234.50.'),
  ('bad-boolean', '列“{column}”的值“{value}”既不是“是”也不是“否”。', 'The value "{value}" of the column "{column}" is neither yes nor no.'),
  ('unknown-code', '列“{column}”的值“{value}”不在代码表内；可用：{detail}。', 'The value "{value}" of the column "{column}" is not in the code list; allowed are: {detail}.'),
  ('unknown-entity', '列“{column}”的值“{value}”不对应任何已知的单位，请核对代码或名称，或先报送该单位。', 'The value "{value}" of the column "{column}" names no known body; check the code or name, or send that body first.'),
  ('ambiguous-entity', '列“{column}”的值“{value}”在当日对应多个单位（{detail}），请改用不会混淆的代码。', 'The value "{value}" of the column "{column}" named several bodies on that day ({detail}); use a code that names one.'),
  ('bad-code', '列“{column}”的值“{value}”是电子表格的科学计数法，代码的位数已经丢失；请把该列设为文本后重新导出。', 'The value "{value}" of the column "{column}" is a spreadsheet''s way of writing long numbers, in which digits of the code are lost; make the column a text and export it again.'),
  ('expired-code', '列“{column}”的代码“{value}”在该行日期当日无效；有效期：{detail}。请改用当日有效的代码。', 'The code "{value}" of the column "{column}" was not in force on the day of the row; it was in force: {detail}. Use the code in force on that day.'),
  ('out-of-range', '列“{column}”的值“{value}”超出允许范围（{detail}）。', 'The value "{value}" of the column "{column}" is outside the allowed range ({detail}).')
), fault AS ({{faults}}), shown AS (
  SELECT * REPLACE (CASE WHEN value IS NOT NULL AND personal THEN '***' ELSE left(value, 200) END AS value) FROM fault
)
SELECT {{source}} AS source_id, f.file_id, f.line, f.column_name, f.value, f.reason,
  replace(replace(replace(s.zh, '{detail}', f.detail), '{column}', f.column_name), '{value}', coalesce(f.value, '')) AS message_zh,
  replace(replace(replace(s.en, '{detail}', f.detail), '{column}', f.column_name), '{value}', coalesce(f.value, '')) AS message_en
FROM shown f JOIN sentence s ON s.reason = f.reason
ORDER BY f.file_id, f.line, f.column_name, f.reason

-- name: tell-of-releases
-- Of rows that releases have made: which file and release it was, and what is behind a column that is empty.
UPDATE quarantine.row AS q SET reason = t.reason, message_zh = t.place_zh || t.zh, message_en = t.place_en || t.en
FROM (
  SELECT place,
    CASE cause WHEN 'began-before' THEN cause ELSE reason END AS reason,
    '文件“' || file_name || '”第 ' || release || ' 条发布（ocid ' || ocid || '）：' AS place_zh,
    'Release ' || release || ' of the file "' || file_name || '" (ocid ' || ocid || '): ' AS place_en,
    CASE cause
      WHEN 'began-before' THEN
        '该采购过程在所报送的最早发布之前已经开始，必填列“' || column_name || '”在更早的发布中；本行暂不采用，补送更早的发布后自动采用。'
      WHEN 'no-award' THEN
        '合同以 awardID 指明的中标“' || award || '”不在任何已报送的发布中，因此列“' || column_name || '”为空；请补送该中标的发布，或更正 awardID。'
      ELSE message_zh END AS zh,
    CASE cause
      WHEN 'began-before' THEN
        'the process began before the earliest release delivered, and the required column "' || column_name
        || '" is in an earlier one; the row waits, and is used as soon as that release is delivered.'
      WHEN 'no-award' THEN
        'the award "' || award || '" that the contract names by awardID is in no release delivered, so that the column "' || column_name
        || '" is empty; deliver the award''s release, or correct the awardID.'
      ELSE message_en END AS en
  FROM (
    SELECT x.rowid AS place, x.reason, x.column_name, x.message_zh, x.message_en,
      f.file_name, x.line // 100000 AS release, c.ocid,
      json_extract_string(c.json, '$.contracts.awardID') AS award,
      CASE
        WHEN x.reason <> 'missing' THEN NULL
        WHEN json_extract_string(c.json, '$._beganBefore') = 'true' THEN 'began-before'
        WHEN starts_with(x.column_name, 'awards[') AND award <> '' AND coalesce(json_array_length(c.json, '$.awards'), 0) = 0
          THEN 'no-award'
      END AS cause
    FROM quarantine.row x
    JOIN raw.file f ON f.file_id = x.file_id
    JOIN raw.compiled_row c ON c.source_id = x.source_id AND c.file_id = x.file_id AND c.line = x.line
    WHERE x.source_id = $source AND x.column_name IS NOT NULL AND x.reason <> 'conflict'
      AND NOT starts_with(x.message_en, 'Release ')
  ) AS judged
) t
WHERE q.rowid = t.place

-- name: count-early
SELECT file_id, count(*) AS rows FROM (
  SELECT file_id, line FROM quarantine.row
  WHERE source_id = $source AND file_id IN (SELECT file_id FROM delivery) AND reason NOT IN ('conflict', 'left-out')
  GROUP BY file_id, line HAVING bool_and(reason = 'began-before'))
GROUP BY file_id

-- name: count-quarantined
SELECT file_id, count(DISTINCT line) AS rows FROM quarantine.row
WHERE source_id = $source AND file_id IN (SELECT file_id FROM delivery) AND reason NOT IN ('conflict', 'left-out')
GROUP BY file_id
