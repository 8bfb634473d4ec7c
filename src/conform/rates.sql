-- name: rates
(SELECT x.currency, CAST(x.begins AS DATE) AS begins, CAST(x.ends AS DATE) AS ends, CAST(x.rate AS DECIMAL(18,10)) AS rate
FROM (SELECT unnest(from_json(CAST({{spans}} AS JSON), '[{"currency": "VARCHAR", "begins": "VARCHAR", "ends": "VARCHAR", "rate": "VARCHAR"}]')) AS x))
