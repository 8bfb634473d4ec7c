-- name: decisions
-- Decisions known at the as-of time that may change what was published before they were known; the newest version of each.
SELECT e.record_key AS event_id, e.event, e.of_record AS record, d.source_id AS source, e.entity_id, n.name_zh, n.name_en,
  CAST(d.decided_on AS VARCHAR) AS decided_on, CAST(e.occurred_at AS VARCHAR) AS occurred_at, e.document_no, e.actor_body,
  CAST(e.known_from AS VARCHAR) AS known_at
FROM known.record_event e
JOIN known.dishonesty_record d ON d.record_key = e.of_record AND (e.of_source IS NULL OR d.source_id = e.of_source) AND d.subject_kind = 'organ'
LEFT JOIN (
  SELECT entity_id, name_zh, name_en, row_number() OVER (PARTITION BY entity_id ORDER BY valid_from DESC, known_from DESC, source_id, line, file_id) AS version
  FROM known.entity
) n ON n.entity_id = e.entity_id AND n.version = 1
WHERE list_contains(CAST(CAST($events AS JSON) AS VARCHAR[]), e.event)
ORDER BY e.occurred_at, e.record_key

-- name: titles
SELECT rule_id AS id, title_zh, title_en FROM published.rule
UNION ALL
SELECT indicator_id, title_zh, title_en FROM published.indicator
