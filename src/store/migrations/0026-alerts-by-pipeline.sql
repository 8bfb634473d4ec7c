-- Pipelines of one jurisdiction may go by the same warning rules: each has alerts of its own, and follows its own newest knowledge.
CREATE TABLE warn.alert_pipeline (    -- the pipeline whose run raised an alert; none of a test, nor of an alert so old that nobody can say
  alert_id VARCHAR PRIMARY KEY, pipeline VARCHAR NOT NULL
);
INSERT INTO warn.alert_pipeline
SELECT a.alert_id, min(r.pipeline)
FROM warn.alert_raised a
JOIN warn.replay p ON p.as_of = a.raised_at
JOIN scores.run r ON r.run_id = p.run_id
GROUP BY a.alert_id HAVING count(DISTINCT r.pipeline) = 1;
