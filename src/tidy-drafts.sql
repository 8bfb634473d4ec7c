-- name: drafts
-- Runs begun by a day, of whose period a newer one was begun since; of one that went nothing is left that was checked.
SELECT r.run_id AS run, r.period, CAST(r.as_of AS VARCHAR) AS "asOf", CAST(b.begun_at AS VARCHAR) AS begun
FROM scores.run r JOIN scores.run_begun b ON b.run_id = r.run_id
WHERE r.pipeline = $pipeline AND CAST(b.begun_at AS DATE) <= CAST($limit AS DATE)
  AND EXISTS (SELECT 1 FROM checks.source_state s WHERE s.run_id = r.run_id)
  AND EXISTS (
    SELECT 1 FROM scores.run n JOIN scores.run_begun later ON later.run_id = n.run_id
    WHERE n.pipeline = r.pipeline AND n.period = r.period AND later.begun_at > b.begun_at
  )
ORDER BY r.period, b.begun_at, r.run_id

-- name: note-older
-- Of runs begun before it was written down it is reckoned from now on.
INSERT INTO scores.run_begun
SELECT run_id, CAST($now AS TIMESTAMP) FROM scores.run WHERE run_id NOT IN (SELECT run_id FROM scores.run_begun)

-- name: forget-drafts
-- One whose alerts were judged is asked for by their ledger.
DELETE FROM scores.run
WHERE list_contains(CAST(CAST($runs AS JSON) AS VARCHAR[]), run_id) AND run_id NOT IN (SELECT run_id FROM warn.replay)

-- name: forget-begun
DELETE FROM scores.run_begun WHERE run_id NOT IN (SELECT run_id FROM scores.run)
