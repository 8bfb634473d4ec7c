-- name: attach
ATTACH {{file}} AS made ({{how}})

-- name: create
CREATE TABLE made.main.{{table}} AS FROM {{from}}

-- name: finish
CHECKPOINT made

-- name: detach
DETACH made
