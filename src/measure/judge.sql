-- name: roll-up-left-out
-- Evidence left out because its file lacks a column, counted for higher bodies too.
CREATE OR REPLACE TEMP TABLE left_out AS
SELECT p.number, p.period, r.ancestor_id AS entity_id, CAST(sum(p.row_count) AS BIGINT) AS row_count
FROM portions.portion_left_out p JOIN rollup r ON r.number = p.number AND r.entity_id = p.entity_id
GROUP BY p.number, p.period, r.ancestor_id

-- name: mark-seen
-- Periods in which anybody at all has evidence, whatever its level, and whether any of it can be assessed:
-- when none can, the sources came without what the indicator needs.
CREATE OR REPLACE TEMP TABLE seen AS
SELECT number, period, max(sample_size) > 0 AS usable
FROM (
SELECT p.number, s.period, p.sample_size
FROM (
  SELECT number, slot, max(sample_size) AS sample_size FROM portions.portion_count GROUP BY number, slot
  UNION ALL
  SELECT number, slot, max(sample_size) FROM portions.portion_amount GROUP BY number, slot
  UNION ALL
  SELECT number, slot, max(sample_size) FROM portions.portion_figure GROUP BY number, slot
  UNION ALL
  SELECT number, slot, max(sample_size) FROM portions.portion_middle GROUP BY number, slot
) AS p
JOIN period_slot s ON s.slot = p.slot
UNION ALL
SELECT number, period, 0 FROM portions.portion_left_out
) AS evidence
GROUP BY number, period

-- name: insert-ratios
INSERT INTO facts.value
WITH figure AS (
  SELECT number, period, entity_id, {{sum_numerator}} AS top, {{sum_denominator}} AS bottom,
    CAST(sum(sample_size) AS BIGINT) AS sample_size, CAST(sum(excluded) AS BIGINT) AS excluded
  FROM figure_total GROUP BY number, period, entity_id
),
added AS (
  SELECT number, period, entity_id,
    CAST(sum(numerator) AS DECIMAL(38,6)) AS numerator, CAST(sum(denominator) AS DECIMAL(38,6)) AS denominator,
    CAST(sum(sample_size) AS BIGINT) AS sample_size, CAST(sum(excluded) AS BIGINT) AS excluded
  FROM total GROUP BY number, period, entity_id
),
found AS (
  SELECT number, period, entity_id, numerator, denominator,
    CAST(numerator AS DOUBLE) AS top, CAST(denominator AS DOUBLE) AS bottom, sample_size, excluded
  FROM added
  UNION ALL
  SELECT number, period, entity_id, {{shown_top}}, {{shown_bottom}}, top, bottom, sample_size, excluded
  FROM figure
),
judged AS (
  SELECT e.number, e.period, e.fingerprint, e.entity_id, e.scale, f.numerator, f.denominator,
    e.scale * f.top / f.bottom AS quotient, coalesce(f.sample_size, 0) AS sample_size, coalesce(f.excluded, 0) AS excluded, coalesce(l.row_count, 0) AS undelivered,
    CASE
      WHEN s.period IS NULL AND NOT e.delivered OR NOT s.usable THEN 'no_data'
      WHEN f.entity_id IS NULL AND l.row_count > 0 THEN 'no_data'
      WHEN f.entity_id IS NULL AND e.when_empty = 'zero' THEN 'empty'
      WHEN f.entity_id IS NULL THEN e.when_empty
      -- Nothing to divide by is too little to judge on.
      WHEN f.sample_size < e.minimum_sample OR f.bottom = 0 THEN 'too_few'
      -- Beyond what a double can hold; nothing else here can be.
      WHEN NOT isfinite(e.scale * f.top / f.bottom) THEN 'no_data'
      ELSE 'assessed'
    END AS state
  FROM scope e
  LEFT JOIN found f ON f.number = e.number AND f.period = e.period AND f.entity_id = e.entity_id
  LEFT JOIN left_out l ON l.number = e.number AND l.period = e.period AND l.entity_id = e.entity_id
  LEFT JOIN seen s ON s.number = e.number AND s.period = e.period
  WHERE e.aggregate = 'ratio'
)
SELECT fingerprint, entity_id,
  CASE WHEN state = 'empty' THEN 'assessed' ELSE state END,
  CASE WHEN state = 'empty' THEN 0 ELSE numerator END,
  CASE WHEN state = 'empty' THEN 0 ELSE denominator END,
  CASE state WHEN 'empty' THEN 0.0
    WHEN 'assessed' THEN quotient END,
  sample_size, excluded, undelivered
FROM judged
ORDER BY number, period, entity_id

-- name: insert-categories
INSERT INTO facts.category
SELECT e.fingerprint, t.entity_id, t.part, t.numerator, t.denominator, t.sample_size
FROM (
  SELECT number, period, entity_id, part, numerator, denominator, sample_size FROM total
  UNION ALL
  SELECT number, period, entity_id, part, {{shown_numerator}}, {{shown_denominator}}, sample_size FROM figure_total
) AS t
JOIN scope e ON e.number = t.number AND e.period = t.period AND e.entity_id = t.entity_id
WHERE t.part IS NOT NULL AND t.sample_size > 0

-- name: insert-medians
-- The middle number, or the mean of the two middle ones, found by counting up through the distinct numbers.
INSERT INTO facts.value
WITH middle AS (
  SELECT p.number, s.period, r.ancestor_id AS entity_id, p.part,
    CAST(sum(p.sample_size) AS BIGINT) AS sample_size, CAST(sum(p.excluded) AS BIGINT) AS excluded
  FROM portions.portion_middle p
  JOIN rollup r ON r.number = p.number AND r.entity_id = p.entity_id
  JOIN period_slot s ON s.slot = p.slot
  GROUP BY p.number, s.period, r.ancestor_id, p.part
),
counted AS (
  SELECT number, period, entity_id, part,
    sum(sample_size) OVER (PARTITION BY number, period, entity_id ORDER BY part ROWS UNBOUNDED PRECEDING) AS up_to
  FROM middle WHERE part IS NOT NULL
),
size AS (
  SELECT number, period, entity_id,
    CAST(sum(sample_size) AS BIGINT) AS sample_size, CAST(sum(excluded) AS BIGINT) AS excluded
  FROM middle GROUP BY number, period, entity_id
),
found AS (
  SELECT z.number, z.period, z.entity_id, z.sample_size, z.excluded,
    min(c.part) FILTER (WHERE c.up_to >= (z.sample_size + 1) // 2) AS lower_middle,
    min(c.part) FILTER (WHERE c.up_to >= z.sample_size // 2 + 1) AS upper_middle
  FROM size z
  LEFT JOIN counted c ON c.number = z.number AND c.period = z.period AND c.entity_id = z.entity_id
  GROUP BY z.number, z.period, z.entity_id, z.sample_size, z.excluded
),
judged AS (
  SELECT e.number, e.period, e.fingerprint, e.entity_id,
    coalesce(f.sample_size, 0) AS sample_size, coalesce(f.excluded, 0) AS excluded, coalesce(l.row_count, 0) AS undelivered,
    CASE WHEN isfinite(f.lower_middle + f.upper_middle) THEN (f.lower_middle + f.upper_middle) / 2
      ELSE f.lower_middle / 2 + f.upper_middle / 2 END AS middle,
    CASE
      WHEN s.period IS NULL AND NOT e.delivered OR NOT s.usable THEN 'no_data'
      WHEN f.entity_id IS NULL AND l.row_count > 0 THEN 'no_data'
      WHEN f.entity_id IS NULL AND e.when_empty = 'zero' THEN 'empty'
      WHEN f.entity_id IS NULL THEN e.when_empty
      WHEN f.sample_size < e.minimum_sample THEN 'too_few'
      ELSE 'assessed'
    END AS state
  FROM scope e
  LEFT JOIN found f ON f.number = e.number AND f.period = e.period AND f.entity_id = e.entity_id
  LEFT JOIN left_out l ON l.number = e.number AND l.period = e.period AND l.entity_id = e.entity_id
  LEFT JOIN seen s ON s.number = e.number AND s.period = e.period
  WHERE e.aggregate = 'median'
)
SELECT fingerprint, entity_id,
  CASE WHEN state = 'empty' THEN 'assessed' ELSE state END,
  CASE WHEN state = 'empty' THEN 0 ELSE {{shown_middle}} END,
  CASE WHEN state = 'empty' THEN 0 WHEN sample_size > 0 THEN 1 END,
  CASE state WHEN 'empty' THEN 0.0 WHEN 'assessed' THEN middle END,
  sample_size, excluded, undelivered
FROM judged
ORDER BY number, period, entity_id

-- name: insert-items
INSERT INTO facts.item
SELECT e.fingerprint, e.entity_id, l.category, l.record_key, l.occurred_on, l.ended_on, l.amount, l.file_id, l.line,
  l.disputed_on
FROM portions.portion_listed l
JOIN rollup r ON r.number = l.number AND r.entity_id = l.entity_id
JOIN scope e ON e.number = l.number AND e.entity_id = r.ancestor_id
JOIN temp.period p ON p.period = e.period AND l.occurred_on <= p."end"
WHERE NOT l.left_out
ORDER BY e.number, e.period, e.entity_id, l.occurred_on, l.record_key, l.category, l.file_id, l.line

-- name: insert-lists
INSERT INTO facts.value
WITH found AS (
  SELECT l.number, p.period, r.ancestor_id AS entity_id,
    count(*) FILTER (WHERE NOT l.left_out AND (l.ended_on IS NULL OR l.ended_on > p."end")) AS standing,
    count(*) FILTER (WHERE NOT l.left_out) AS sample_size,
    count(*) FILTER (WHERE l.left_out) AS excluded
  FROM portions.portion_listed l
  JOIN rollup r ON r.number = l.number AND r.entity_id = l.entity_id
  JOIN temp.period p ON l.occurred_on <= p."end"
  GROUP BY l.number, p.period, r.ancestor_id
),
judged AS (
  SELECT e.number, e.period, e.fingerprint, e.entity_id, coalesce(f.standing, 0) AS standing,
    coalesce(f.sample_size, 0) AS sample_size, coalesce(f.excluded, 0) AS excluded, coalesce(l.row_count, 0) AS undelivered,
    CASE
      WHEN f.entity_id IS NULL AND NOT e.delivered THEN 'no_data'
      WHEN f.entity_id IS NULL AND l.row_count > 0 THEN 'no_data'
      WHEN f.entity_id IS NULL AND e.when_empty <> 'zero' THEN e.when_empty
      WHEN f.entity_id IS NOT NULL AND f.sample_size < e.minimum_sample THEN 'too_few'
      ELSE 'assessed'
    END AS state
  FROM scope e
  LEFT JOIN found f ON f.number = e.number AND f.period = e.period AND f.entity_id = e.entity_id
  LEFT JOIN left_out l ON l.number = e.number AND l.period = e.period AND l.entity_id = e.entity_id
  WHERE e.aggregate = 'list'
)
SELECT fingerprint, entity_id, state,
  CASE WHEN state IN ('assessed', 'too_few') THEN standing END,
  CASE WHEN state IN ('assessed', 'too_few') THEN 1 END,
  CASE WHEN state = 'assessed' THEN CAST(standing AS DOUBLE) END,
  sample_size, excluded, undelivered
FROM judged
ORDER BY number, period, entity_id

-- name: insert-undelivered
-- Told where rows were left out, or where nobody at all delivers what is needed.
INSERT INTO facts.undelivered
WITH gap AS (
  SELECT g.number, g.source_id, g.column_name, g.reason, g.files
  FROM (SELECT unnest(from_json($gaps, '[{"number":"INTEGER","source_id":"VARCHAR","column_name":"VARCHAR","reason":"VARCHAR","files":"INTEGER"}]'), recursive := true)) g
), counted AS (
  -- Of bodies that the indicator is about.
  SELECT p.number, p.period, p.source_id, CAST(sum(p.row_count) AS BIGINT) AS row_count
  FROM portions.portion_left_out p SEMI JOIN rollup r ON r.number = p.number AND r.entity_id = p.entity_id
  GROUP BY p.number, p.period, p.source_id
)
SELECT w.fingerprint, g.source_id, g.column_name, g.reason, g.files, coalesce(c.row_count, 0)
FROM wanted w
JOIN gap g ON g.number = w.number
LEFT JOIN counted c ON c.number = w.number AND c.period = w.period AND c.source_id = g.source_id
LEFT JOIN seen s ON s.number = w.number AND s.period = w.period
WHERE c.row_count > 0 OR NOT w.delivered AND s.period IS NULL
ORDER BY w.number, w.period, g.source_id, g.column_name, g.reason

-- name: insert-computations
INSERT INTO facts.computation
SELECT DISTINCT w.fingerprint, m.indicator_id, w.period
FROM wanted w JOIN measured m ON m.number = w.number
ORDER BY m.indicator_id, w.period
