-- name: dishonesty_record
-- A record whose publication is over by today is shown no more, whatever month it was published in.
SELECT * FROM whole.main.dishonesty_record WHERE publication_ends_on IS NULL OR publication_ends_on > CAST({{today}} AS DATE)

-- name: record_event
SELECT e.* FROM whole.main.record_event e
WHERE NOT EXISTS (
  SELECT 1 FROM whole.main.dishonesty_record d
  WHERE d.record_key = e.record_key AND d.entity_id = e.entity_id AND d.publication_ends_on <= CAST({{today}} AS DATE)
)
