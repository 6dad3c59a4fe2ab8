-- Tables of Hindcast's store in PostgreSQL (13 or newer). Run once by whoever may create tables; may be run again.
--   psql DATABASE -v ON_ERROR_STOP=1 -f schema.sql
-- The agent itself needs no more than:
--   GRANT SELECT, INSERT, UPDATE ON hindcast_stream, hindcast_prediction, hindcast_window TO THE_AGENT;
--   GRANT SELECT, INSERT, UPDATE, DELETE ON hindcast_change, hindcast_commit TO THE_AGENT;
-- Once a week or a month, by cron or by hand, the weeks to come and those that are over:
--   SELECT hindcast_create_weeks(current_date, 8);
--   SELECT hindcast_drop_weeks_before(current_date - 180);   -- twice the longest time-to-live: until then labels are 'expired',
--                                                            -- afterwards 'unknown'

CREATE TABLE IF NOT EXISTS hindcast_stream (
  id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  model text NOT NULL, version text NOT NULL, output text NOT NULL, task text NOT NULL,
  time_to_live_ms bigint NOT NULL, probability_classes text[] NOT NULL DEFAULT '{}',
  UNIQUE (model, version, output));

-- k: 128 bits that stand for an id. week: the Monday of ts in UTC. maker, teller: numbers of the processes that made the
-- prediction and last told its label. A class is label_class, a value is label. delay_ms: from prediction to first label.
CREATE TABLE IF NOT EXISTS hindcast_prediction (
  k uuid NOT NULL, week date NOT NULL, ts timestamptz NOT NULL, stream smallint NOT NULL, payload bytea NOT NULL,
  maker bigint NOT NULL, teller bigint, label double precision, label_class text, label_ts timestamptz,
  rev integer NOT NULL DEFAULT 0, delay_ms bigint, flags smallint NOT NULL DEFAULT 0,
  PRIMARY KEY (k, week))
  PARTITION BY RANGE (week);
CREATE INDEX IF NOT EXISTS hindcast_prediction_ts ON hindcast_prediction USING brin (ts);

-- Sums of what is labelled, by the UTC day of the prediction. bin: tenth of the score, -1 if it is no probability.
-- segment: '' or 'acted_on'. n: labels; w: of predictions that they stand for; e, ae, se: score - label, its size, its square.
CREATE TABLE IF NOT EXISTS hindcast_window (
  stream smallint NOT NULL, day date NOT NULL, segment text NOT NULL, actual text NOT NULL, predicted text NOT NULL,
  bin smallint NOT NULL, n bigint NOT NULL, w double precision NOT NULL,
  e double precision NOT NULL, ae double precision NOT NULL, se double precision NOT NULL,
  PRIMARY KEY (stream, day, segment, actual, predicted, bin));

-- What has changed, for the one instance that shows the windows of all; it deletes what it has read. xid: of the transaction.
CREATE TABLE IF NOT EXISTS hindcast_change (
  n bigint GENERATED ALWAYS AS IDENTITY, xid xid8 NOT NULL DEFAULT pg_current_xact_id(), body bytea NOT NULL);
CREATE INDEX IF NOT EXISTS hindcast_change_xid ON hindcast_change (xid);

-- The last transaction of each process, by which it finds out whether a COMMIT counted that it did not hear of.
CREATE TABLE IF NOT EXISTS hindcast_commit (
  instance bigint PRIMARY KEY, mark bigint NOT NULL, at timestamptz NOT NULL DEFAULT now());

-- Asked by each agent, which stores nothing where it finds another number than its own.
CREATE OR REPLACE FUNCTION hindcast_schema_version() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';

CREATE OR REPLACE FUNCTION hindcast_create_weeks(since date, weeks integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  monday date := date_trunc('week', since::timestamp)::date;
BEGIN
  FOR i IN 0 .. weeks LOOP
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF hindcast_prediction FOR VALUES FROM (%L) TO (%L)',
      'hindcast_prediction_' || to_char(monday + 7 * i, 'YYYYMMDD'), monday + 7 * i, monday + 7 * i + 7);
  END LOOP;
END $$;

CREATE OR REPLACE FUNCTION hindcast_drop_weeks_before(day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  week text;
BEGIN
  FOR week IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'hindcast_prediction'::regclass AND c.relname ~ '^hindcast_prediction_[0-9]{8}$'
      AND to_date(right(c.relname, 8), 'YYYYMMDD') + 7 <= day
  LOOP
    EXECUTE format('DROP TABLE %I', week);
  END LOOP;
END $$;

SELECT hindcast_create_weeks(current_date, 8);
