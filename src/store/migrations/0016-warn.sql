-- Early warning: series, judgements, episodes, forecasts and levels by run; alerts and their events across runs.
CREATE SCHEMA warn;

CREATE TABLE warn.computation (       -- the warnings of one body by one definition at one period; found again by its fingerprint
  fingerprint VARCHAR PRIMARY KEY, warnings_id VARCHAR NOT NULL, entity_id VARCHAR NOT NULL, period VARCHAR NOT NULL
);
CREATE TABLE warn.run_computation (
  run_id VARCHAR NOT NULL, warnings_id VARCHAR NOT NULL, entity_id VARCHAR NOT NULL, fingerprint VARCHAR NOT NULL
);
CREATE TABLE warn.value (             -- a series at a period
  fingerprint VARCHAR NOT NULL, series_id VARCHAR NOT NULL,
  part VARCHAR NOT NULL,              -- category of a split series, '' for a whole one
  period VARCHAR NOT NULL, value DOUBLE NOT NULL, numerator DOUBLE, denominator DOUBLE
);
CREATE TABLE warn.judgement (         -- the level of a rule at a period, after persistence and release
  fingerprint VARCHAR NOT NULL, rule_id VARCHAR NOT NULL, part VARCHAR NOT NULL,
  period VARCHAR NOT NULL, level VARCHAR NOT NULL, value DOUBLE
);
CREATE TABLE warn.episode (           -- a stretch of periods in which a rule stood above green
  fingerprint VARCHAR NOT NULL, rule_id VARCHAR NOT NULL, part VARCHAR NOT NULL,
  began VARCHAR NOT NULL, ended VARCHAR,
  level VARCHAR NOT NULL, peak VARCHAR NOT NULL, value DOUBLE, line DOUBLE NOT NULL,
  kind VARCHAR NOT NULL,              -- rule; outlook: a forecast that reaches a line, which lasts for this period only
  expected VARCHAR,                   -- of an outlook: the period in which the line is expected to be reached
  message_zh VARCHAR NOT NULL, message_en VARCHAR NOT NULL
);
CREATE TABLE warn.composite (         -- what all rules together say of the body
  fingerprint VARCHAR NOT NULL, period VARCHAR NOT NULL,
  level VARCHAR NOT NULL, list VARCHAR, emergency VARCHAR, reason_zh VARCHAR NOT NULL, reason_en VARCHAR NOT NULL
);
CREATE TABLE warn.forecast (          -- a series some steps ahead, with its intervals
  fingerprint VARCHAR NOT NULL, series_id VARCHAR NOT NULL, step INTEGER NOT NULL, period VARCHAR NOT NULL,
  central DOUBLE NOT NULL, low_80 DOUBLE NOT NULL, high_80 DOUBLE NOT NULL, low_95 DOUBLE NOT NULL, high_95 DOUBLE NOT NULL
);
CREATE TABLE warn.forecast_choice (   -- the method taken for a series, and why
  fingerprint VARCHAR NOT NULL, series_id VARCHAR NOT NULL, method VARCHAR NOT NULL,
  points INTEGER NOT NULL, origins INTEGER NOT NULL,
  error DOUBLE, naive_error DOUBLE, seasonal_error DOUBLE, trend_error DOUBLE, holt_error DOUBLE, damped_error DOUBLE,
  crossing_level VARCHAR, crossing_line DOUBLE, crossing_period VARCHAR, crossing_earliest VARCHAR
);
CREATE TABLE warn.stress (            -- a series under a scenario
  fingerprint VARCHAR NOT NULL, scenario_id VARCHAR NOT NULL, series_id VARCHAR NOT NULL,
  value DOUBLE NOT NULL, baseline DOUBLE NOT NULL, level VARCHAR NOT NULL, baseline_level VARCHAR NOT NULL
);
CREATE TABLE warn.level (             -- the composite of a body at a period
  run_id VARCHAR NOT NULL, warnings_id VARCHAR NOT NULL, period VARCHAR NOT NULL, entity_id VARCHAR NOT NULL,
  level VARCHAR NOT NULL,             -- green, yellow, orange, red, no_data
  list VARCHAR,                       -- warning, hint
  emergency VARCHAR,                  -- grade suggested: I, II, III, IV
  rating VARCHAR, rating_uncapped VARCHAR, rating_score DOUBLE,
  reason_zh VARCHAR NOT NULL, reason_en VARCHAR NOT NULL
);

CREATE TABLE warn.replay (            -- runs whose episodes were carried into the alerts, in order
  run_id VARCHAR PRIMARY KEY, period VARCHAR NOT NULL, as_of TIMESTAMP NOT NULL
);
CREATE TABLE warn.alert_raised (      -- one alert per body, rule and episode; what happened to it since is in its events
  alert_id VARCHAR PRIMARY KEY, warnings_id VARCHAR NOT NULL, entity_id VARCHAR NOT NULL, rule_id VARCHAR NOT NULL, part VARCHAR NOT NULL,
  began VARCHAR NOT NULL, raised_at TIMESTAMP NOT NULL, owner VARCHAR NOT NULL,
  acknowledge_by TIMESTAMP NOT NULL, handle_by TIMESTAMP NOT NULL
);
CREATE TABLE warn.alert_event (       -- appended to, never changed
  event_id VARCHAR PRIMARY KEY,       -- the same event has the same id, so that it is kept once
  alert_id VARCHAR NOT NULL, sequence INTEGER NOT NULL, occurred_at TIMESTAMP NOT NULL, actor VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,              -- raised, worsened, eased, recovered, acknowledged, handling, closed, reopened, escalated, snoozed, routed
  level VARCHAR, note VARCHAR,
  plan VARCHAR, responsible VARCHAR, due_on DATE, snoozed_until TIMESTAMP, owner VARCHAR,
  value DOUBLE, message_zh VARCHAR NOT NULL, message_en VARCHAR NOT NULL
);
-- The state of an alert is what its events say.
CREATE VIEW warn.alert AS
SELECT a.*, e.level, e.state, e.last_at, e.recovered, e.snoozed_until, e.plan, e.responsible, e.due_on, e.escalations, e.value,
  e.message_zh, e.message_en, coalesce(e.routed_to, a.owner) AS routed_to
FROM warn.alert_raised a
JOIN (
  SELECT alert_id,
    arg_max(level, sequence) FILTER (WHERE level IS NOT NULL) AS level,
    arg_max(CASE kind WHEN 'acknowledged' THEN 'acknowledged' WHEN 'handling' THEN 'handling' WHEN 'closed' THEN 'closed' ELSE 'raised' END, sequence)
      FILTER (WHERE kind IN ('raised', 'reopened', 'acknowledged', 'handling', 'closed')) AS state,
    arg_max(kind = 'recovered', sequence) FILTER (WHERE kind IN ('raised', 'worsened', 'eased', 'recovered', 'reopened')) AS recovered,
    arg_max(snoozed_until, sequence) FILTER (WHERE kind = 'snoozed') AS snoozed_until,
    arg_max(plan, sequence) FILTER (WHERE plan IS NOT NULL) AS plan,
    arg_max(responsible, sequence) FILTER (WHERE responsible IS NOT NULL) AS responsible,
    arg_max(due_on, sequence) FILTER (WHERE due_on IS NOT NULL) AS due_on,
    arg_max(owner, sequence) FILTER (WHERE kind = 'routed') AS routed_to,
    arg_max(value, sequence) FILTER (WHERE value IS NOT NULL) AS value,
    arg_max(message_zh, sequence) FILTER (WHERE kind IN ('raised', 'worsened', 'eased', 'recovered', 'reopened')) AS message_zh,
    arg_max(message_en, sequence) FILTER (WHERE kind IN ('raised', 'worsened', 'eased', 'recovered', 'reopened')) AS message_en,
    count(*) FILTER (WHERE kind = 'escalated') AS escalations,
    max(occurred_at) AS last_at
  FROM warn.alert_event GROUP BY alert_id
) e USING (alert_id);

CREATE TABLE warn.outbox (            -- messages to deliver, at least once, each by its idempotency key
  message_id VARCHAR PRIMARY KEY,     -- the idempotency key: of the event and the channel
  channel VARCHAR NOT NULL, event_id VARCHAR NOT NULL, alert_id VARCHAR NOT NULL,
  queued_at TIMESTAMP NOT NULL, not_before TIMESTAMP NOT NULL, digest BOOLEAN NOT NULL,
  state VARCHAR NOT NULL,             -- queued, sent, failed
  attempts INTEGER NOT NULL, sent_at TIMESTAMP, last_error VARCHAR
);
