-- Deliveries that stay what they were: the messages that go out together, and what each says, are settled before the first try.
ALTER TABLE warn.outbox ADD COLUMN delivery VARCHAR;   -- key under which it goes out, alone or with others; NULL until it is due
ALTER TABLE warn.outbox ADD COLUMN content VARCHAR;    -- JSON of what it says, as settled then
-- Channels that have been served: one that comes later begins with what happens from then on.
CREATE TABLE warn.channel (
  channel VARCHAR PRIMARY KEY, begins TIMESTAMP NOT NULL,
  begun BOOLEAN NOT NULL               -- whether what happened before it began has been left out
);
INSERT INTO warn.channel SELECT DISTINCT channel, TIMESTAMP '1970-01-01 00:00:00', true FROM warn.outbox;
