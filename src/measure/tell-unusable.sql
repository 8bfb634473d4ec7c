-- name: unusable-of-run
-- Bodies that have records of an indicator in the period, of which not one has what it takes.
SELECT r.indicator_id, count(*) AS bodies, CAST(sum(v.excluded) AS BIGINT) AS row_count
FROM facts.run_computation r
JOIN facts.value v ON v.fingerprint = r.fingerprint
WHERE r.run_id = $run AND r.period = $period AND v.sample_size = 0 AND v.excluded > 0
GROUP BY r.indicator_id
ORDER BY r.indicator_id

-- name: empty-of-run
-- Indicators of which there is no data for anybody in the period.
SELECT r.indicator_id
FROM facts.run_computation r
JOIN facts.value v ON v.fingerprint = r.fingerprint
WHERE r.run_id = $run AND r.period = $period
GROUP BY r.indicator_id
HAVING bool_and(v.state = 'no_data')
ORDER BY r.indicator_id
