-- What somebody who runs the system should look at, as found by a run's checks before anything is measured.
CREATE TABLE checks.operations_alert (
  run_id     VARCHAR NOT NULL,
  alert_key  VARCHAR NOT NULL,        -- source, kind and since: stays the same while the trouble does, so that it is told once
  kind       VARCHAR NOT NULL,        -- absent, failed, silent, late, small, unfetched
  severity   VARCHAR NOT NULL,        -- critical: nothing comes or nothing can be used; warning: less or later than usual
  source_id  VARCHAR NOT NULL,
  since      DATE,                    -- first day of the trouble, where there is one
  observed   VARCHAR,
  expected   VARCHAR,
  message_zh VARCHAR NOT NULL,
  message_en VARCHAR NOT NULL
);
