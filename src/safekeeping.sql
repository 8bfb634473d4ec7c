-- name: attach
-- Small blocks, since most tables are small; no log: a copy that was broken off is made anew.
ATTACH {{path}} AS safekeeping (BLOCK_SIZE 16384, RECOVERY_MODE no_wal_writes)

-- name: detach
DETACH safekeeping

-- name: checkpoint
CHECKPOINT safekeeping

-- name: copy
CREATE TABLE safekeeping.main.{{name}} AS SELECT * FROM {{table}}

-- name: copy-quarantine
-- What readers set aside; conform finds its own anew. What stood in the lines stays in the database alone.
CREATE TABLE safekeeping.main.{{name}} AS
SELECT * REPLACE (CAST(NULL AS VARCHAR) AS value) FROM {{table}} WHERE reason IN ('unreadable', 'left-out')
