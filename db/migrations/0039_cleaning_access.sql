-- What is past its time goes. Under an owner that sees the columns that say so, and no others.
GRANT SELECT (created_at), DELETE ON hub.call_keys TO hub_jobs;
GRANT SELECT (org_id, approval_id, call_id, used_at), DELETE ON hub.approval_uses TO hub_jobs;
GRANT SELECT (org_id, kind, subject, period, unit, updated_at), DELETE ON hub.budget_use TO hub_jobs;
GRANT SELECT (org_id, connection_id, key, slot_ms, last_slot, queued_until, sent_away_until), DELETE ON hub.rate_shares TO hub_jobs;
GRANT SELECT (expires_at), DELETE ON hub.oauth_states TO hub_jobs;
DO $$
DECLARE
  cleaned text;
BEGIN
  FOREACH cleaned IN ARRAY ARRAY['call_keys', 'approval_uses', 'budget_use', 'rate_shares', 'oauth_states'] LOOP
    EXECUTE format('CREATE POLICY jobs_clean ON hub.%I FOR DELETE TO hub_jobs USING (current_user = ''hub_jobs'')', cleaned);
    CONTINUE WHEN cleaned IN ('call_keys', 'oauth_states');
    EXECUTE format('CREATE POLICY jobs_read ON hub.%I FOR SELECT TO hub_jobs USING (current_user = ''hub_jobs'')', cleaned);
  END LOOP;
END
$$;
--> statement-breakpoint
-- The minute that a run's id names, or a call's, which begins with it: as text, whose order is that of time. NULL where there
-- is none: what has no time never goes.
CREATE FUNCTION hub.minute_of(id text) RETURNS text
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$ SELECT substring(id FROM '^emp:[0-9a-z]{26}_v[0-9]{1,9}:([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2})[:Z]') COLLATE "C" $$;

-- Deletes what is past its time, up to max_rows of each kind, and says how much. A key goes only when its run began so many
-- days ago that ConnectHub refuses every call id of it (connecthub/limits/horizon.ts), and its outcome is known; the function
-- itself refuses fewer days than that horizon and a month. One copy at a time: the others have nothing to do.
CREATE FUNCTION hub.clean_past(keep_days integer, max_rows integer) RETURNS TABLE (what text, gone bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  before constant timestamptz := now() - make_interval(days => keep_days);
  before_minute constant text := to_char(before AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI');
BEGIN
  IF keep_days IS NULL OR keep_days < 430 THEN
    RAISE EXCEPTION 'keep_days must be 430 or more' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF NOT pg_try_advisory_xact_lock(hashtextextended('clancy.clean_past', 0)) THEN RETURN; END IF;

  what := 'call_keys';
  DELETE FROM hub.call_keys k USING (
    SELECT o.org_id, o.call_id FROM hub.call_keys o
    WHERE o.state IN ('succeeded', 'refused') AND o.created_at < before AND hub.minute_of(o.call_id) < before_minute
    ORDER BY o.created_at LIMIT max_rows
  ) old
  WHERE k.org_id = old.org_id AND k.call_id = old.call_id AND k.state IN ('succeeded', 'refused');
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN NEXT;

  what := 'approval_uses';
  DELETE FROM hub.approval_uses u USING (
    SELECT o.org_id, o.approval_id FROM hub.approval_uses o
    WHERE o.used_at < before AND hub.minute_of(o.call_id) < before_minute
      AND NOT EXISTS (SELECT FROM hub.call_keys k WHERE k.org_id = o.org_id AND k.call_id = o.call_id)
    ORDER BY o.used_at LIMIT max_rows
  ) old
  WHERE u.org_id = old.org_id AND u.approval_id = old.approval_id;
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN NEXT;

  -- Of days that are long over, and of runs whose call ids are refused. What gives back to a row that is gone gives to nobody.
  what := 'budget_use';
  DELETE FROM hub.budget_use u USING (
    SELECT o.org_id, o.kind, o.subject, o.period, o.unit FROM hub.budget_use o
    WHERE o.updated_at < before AND
      CASE o.kind WHEN 'run' THEN hub.minute_of(o.subject) < before_minute
        ELSE o.period COLLATE "C" < left(before_minute, 10) END
    LIMIT max_rows
  ) old
  WHERE u.org_id = old.org_id AND u.kind = old.kind AND u.subject = old.subject AND u.period = old.period AND u.unit = old.unit
    AND u.updated_at < before;
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN NEXT;

  -- Rates whose window has been over for a day: the next call makes the row anew, as the first one did.
  what := 'rate_shares';
  DELETE FROM hub.rate_shares s USING (
    SELECT o.org_id, o.connection_id, o.key FROM hub.rate_shares o
    WHERE (o.last_slot + 21) * o.slot_ms < (extract(epoch FROM now()) - 86400) * 1000
      AND greatest(o.queued_until, o.sent_away_until) < now() - interval '1 day'
    LIMIT max_rows
  ) old
  WHERE s.org_id = old.org_id AND s.connection_id = old.connection_id AND s.key = old.key
    AND (s.last_slot + 21) * s.slot_ms < (extract(epoch FROM now()) - 86400) * 1000
    AND greatest(s.queued_until, s.sent_away_until) < now() - interval '1 day';
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN NEXT;

  what := 'oauth_states';
  DELETE FROM hub.oauth_states s USING (
    SELECT o.org_id, o.state_hash FROM hub.oauth_states o WHERE o.expires_at < now() - interval '1 day' LIMIT max_rows
  ) old
  WHERE s.org_id = old.org_id AND s.state_hash = old.state_hash AND s.expires_at < now() - interval '1 day';
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN NEXT;
END
$$;

-- Whether a call that was first made in this time still waits for its outcome.
CREATE FUNCTION hub.has_open_calls(since timestamptz, until timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (SELECT FROM hub.call_keys k
      WHERE k.state IN ('in_flight', 'maybe') AND k.created_at >= since AND k.created_at < until)
    OR EXISTS (SELECT FROM hub.call_keys k WHERE k.state = 'unknown' AND k.created_at >= since AND k.created_at < until)
$$;

-- Drops the oldest month of receipts that is past its time, and says how many were dropped: one or none. A month in which a
-- call still waits for its outcome stays. Calls wait for the lock with us, so we give it up soon and come again.
CREATE FUNCTION hub.drop_receipt_month(keep_days integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET lock_timeout = '500ms'
AS $$
DECLARE
  month record;
BEGIN
  IF keep_days IS NULL OR keep_days < 430 THEN
    RAISE EXCEPTION 'keep_days must be 430 or more' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF NOT pg_try_advisory_xact_lock(hashtextextended('clancy.receipt_partitions', 0)) THEN RETURN 0; END IF;
  FOR month IN
    SELECT c.relname AS name, to_date(right(c.relname, 7), 'YYYY_MM')::timestamptz AS since,
      to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' AS until
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'hub.receipts'::regclass AND c.relname ~ '^receipts_[0-9]{4}_[0-9]{2}$'
    ORDER BY 1
  LOOP
    EXIT WHEN month.until > now() - make_interval(days => keep_days);
    CONTINUE WHEN hub.has_open_calls(month.since, month.until);
    BEGIN
      EXECUTE format('DROP TABLE hub.%I', month.name);
    EXCEPTION WHEN lock_not_available THEN
      RETURN 0;
    END;
    RETURN 1;
  END LOOP;
  RETURN 0;
END
$$;
REVOKE ALL ON FUNCTION hub.drop_receipt_month(integer), hub.minute_of(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hub.drop_receipt_month(integer) TO hub_runtime;
GRANT EXECUTE ON FUNCTION hub.minute_of(text) TO hub_jobs;
--> statement-breakpoint
GRANT CREATE ON SCHEMA hub TO hub_jobs;
DO $$
DECLARE
  job regprocedure;
BEGIN
  FOREACH job IN ARRAY ARRAY['hub.clean_past(integer, integer)', 'hub.has_open_calls(timestamptz, timestamptz)']::regprocedure[] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', job);
    EXECUTE format('ALTER FUNCTION %s OWNER TO hub_jobs', job);
  END LOOP;
  GRANT EXECUTE ON FUNCTION hub.clean_past(integer, integer) TO hub_runtime;
  -- The owner of the tables asks it before it drops a month.
  EXECUTE format('GRANT EXECUTE ON FUNCTION hub.has_open_calls(timestamptz, timestamptz) TO %I', current_user);
END
$$;
REVOKE CREATE ON SCHEMA hub FROM hub_jobs;
