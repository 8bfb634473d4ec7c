-- name: set-as-of
SET VARIABLE as_of = CAST($as_of AS TIMESTAMP)

-- name: others-held
-- Sources of which the database holds files, without those asked about.
SELECT DISTINCT source_id FROM raw.file
WHERE NOT list_contains(CAST(CAST($sources AS JSON) AS VARCHAR[]), source_id)
ORDER BY source_id

-- name: leave-out
SET VARIABLE left_out = CAST(CAST($names AS JSON) AS VARCHAR[])

-- name: count-all
RESET VARIABLE left_out
