-- name: trees
-- The nodes that have a score, of every body in every period, each combination once.
SELECT DISTINCT CAST(to_json(list({'id': node_id, 'parent': parent_node, 'leaf': node_level = 'indicator'} ORDER BY node_id)) AS VARCHAR) AS tree
FROM scores.node
WHERE run_id = $run_id AND score IS NOT NULL
GROUP BY period, entity_id
ORDER BY tree
