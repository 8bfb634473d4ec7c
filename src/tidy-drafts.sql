-- name: drafts
-- Runs begun by a day, of whose period a newer one was begun since.
SELECT r.run_id AS run, r.period, CAST(r.as_of AS VARCHAR) AS "asOf", CAST(b.begun_at AS VARCHAR) AS begun
FROM scores.run r JOIN known.run_begun b ON b.run_id = r.run_id
WHERE r.pipeline = $pipeline AND CAST(b.begun_at AS DATE) <= CAST($limit AS DATE) AND EXISTS (
  SELECT 1 FROM scores.run n JOIN known.run_begun later ON later.run_id = n.run_id
  WHERE n.pipeline = r.pipeline AND n.period = r.period AND later.begun_at > b.begun_at
)
ORDER BY r.period, b.begun_at, r.run_id

-- name: forget-drafts
-- One whose alerts were judged is asked for by their ledger.
DELETE FROM scores.run
WHERE list_contains(CAST(CAST($runs AS JSON) AS VARCHAR[]), run_id) AND run_id NOT IN (SELECT run_id FROM warn.replay)
