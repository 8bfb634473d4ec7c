-- name: find-accepted-rows
CREATE OR REPLACE TEMP TABLE accepted_row AS
SELECT file_id, line FROM core.{{kind}} WHERE source_id = $source AND file_id IN (SELECT file_id FROM delivery)
UNION ALL
SELECT file_id, line FROM incoming
UNION ALL
SELECT file_id, line FROM sighting WHERE outcome <> 'version'

-- name: gather-persons
CREATE OR REPLACE TEMP TABLE person (person_ref VARCHAR, role VARCHAR, field VARCHAR, value VARCHAR, retained_until DATE)

-- name: add-to-gathered
INSERT INTO person
SELECT person_ref, role, field, value, max(CAST(known_from + to_months({{months}}) AS DATE))
FROM ({{persons}})
GROUP BY person_ref, role, field, value

-- name: take-over-held
INSERT INTO person
SELECT person_ref, role, field, value, retained_until FROM restricted.person
WHERE source_id = $source AND retained_until >= CAST(getvariable('as_of') AS DATE)

-- name: drop-held
-- Expired ones stay for forget-expired, which counts them.
DELETE FROM restricted.person WHERE source_id = $source AND retained_until >= CAST(getvariable('as_of') AS DATE)

-- name: keep-persons
INSERT INTO restricted.person BY NAME
SELECT person_ref, role, field, value, $source AS source_id, max(retained_until) AS retained_until
FROM person
GROUP BY person_ref, role, field, value
HAVING max(retained_until) >= CAST(CAST($as_of AS TIMESTAMP) AS DATE)
ORDER BY person_ref, role, field, value

-- name: count-expired
SELECT count(*) AS values FROM restricted.person WHERE retained_until < CAST(CAST($as_of AS TIMESTAMP) AS DATE)

-- name: forget-expired
DELETE FROM restricted.person WHERE retained_until < CAST(CAST($as_of AS TIMESTAMP) AS DATE)
