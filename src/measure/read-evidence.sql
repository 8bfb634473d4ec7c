-- name: evidence
SELECT e.entity_id, CAST(e.occurred_on AS DATE) AS occurred_on,
  {{numerator}} AS numerator, {{denominator}} AS denominator,
  e.category, coalesce(e.excluded, false) OR {{unusable}} AS excluded, false AS undelivered,
  e.record_key, e.file_id, e.line, f.source_id, left(f.file_hash, 12) AS file_name, f.file_hash,
  count(*) OVER () AS row_count
FROM ({{evidence}}) AS e
LEFT JOIN raw.file f ON f.file_id = e.file_id
WHERE e.entity_id IN (
    SELECT l.entity_id FROM known.entity_lineage l
    WHERE l.ancestor_id = $entity AND (l.entity_id = l.ancestor_id OR $rollup))
  AND {{within}}
ORDER BY occurred_on, e.entity_id, e.record_key, e.category, e.file_id, e.line
LIMIT CAST($rows AS BIGINT)
