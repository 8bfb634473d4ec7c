-- name: look-at-delivery
CREATE OR REPLACE TEMP VIEW record AS
SELECT * FROM core.{{kind}} WHERE source_id = {{source}} AND known_to IS NULL

-- name: look-at-known
CREATE OR REPLACE TEMP VIEW record AS
SELECT * FROM known.{{kind}} WHERE source_id = {{source}}

-- name: look-at-kind
CREATE OR REPLACE TEMP VIEW record AS SELECT * FROM known.{{kind}}

-- name: describe-check
DESCRIBE {{check}}

-- name: bad-files
SELECT file_id, count(*) AS rows, min(line) AS line,
  list({'line': CAST(line AS INTEGER), 'detail': detail} ORDER BY line, detail)[:100] AS shown
FROM (SELECT record_key, file_id, line, CAST(detail AS VARCHAR) AS detail FROM ({{check}}))
GROUP BY file_id ORDER BY file_id NULLS FIRST

-- name: close-view
DROP VIEW IF EXISTS temp.record
