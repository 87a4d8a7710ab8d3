-- Work over all organisations. Under FORCE ROW LEVEL SECURITY a function of the tables' owner sees nothing; these
-- belong to roles without login that have rights on the columns they need, and policies of their own on these tables.
GRANT USAGE ON SCHEMA core, authz TO core_jobs;
GRANT USAGE ON SCHEMA hub TO hub_jobs;

GRANT SELECT (org_id, id, run_id, seq, lease_owner, lease_until, attempts, sent_at),
  UPDATE (lease_owner, lease_until, attempts) ON core.outbox TO core_jobs;
GRANT SELECT (org_id, run_id, status) ON core.runs TO core_jobs;
GRANT SELECT (org_id, approval_id, status, expires_at) ON authz.approvals TO core_jobs;
GRANT SELECT (org_id, id, lease_owner, lease_until, attempts, sent_at),
  UPDATE (lease_owner, lease_until, attempts) ON hub.outbox TO hub_jobs;
GRANT SELECT (org_id, state_hash, launch_code_hash) ON hub.oauth_states TO hub_jobs;
GRANT SELECT (org_id, call_id, state, deadline, settle_after) ON hub.call_keys TO hub_jobs;

CREATE POLICY jobs_read ON core.outbox FOR SELECT TO core_jobs USING (true);
CREATE POLICY jobs_lease ON core.outbox FOR UPDATE TO core_jobs USING (true) WITH CHECK (true);
CREATE POLICY jobs_read ON core.runs FOR SELECT TO core_jobs USING (true);
CREATE POLICY jobs_read ON authz.approvals FOR SELECT TO core_jobs USING (true);
CREATE POLICY jobs_read ON hub.outbox FOR SELECT TO hub_jobs USING (true);
CREATE POLICY jobs_lease ON hub.outbox FOR UPDATE TO hub_jobs USING (true) WITH CHECK (true);
CREATE POLICY jobs_read ON hub.oauth_states FOR SELECT TO hub_jobs USING (true);
CREATE POLICY jobs_read ON hub.call_keys FOR SELECT TO hub_jobs USING (true);
--> statement-breakpoint
-- Leases unsent rows. Of a run only the lowest unsent one can be claimed, so that decisions arrive in order.
CREATE FUNCTION core.claim_outbox(owner text, max_rows integer, lease_ms integer) RETURNS TABLE (org_id text, id bigint)
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  UPDATE core.outbox o
  SET lease_owner = owner, lease_until = now() + make_interval(secs => lease_ms / 1000.0), attempts = o.attempts + 1
  FROM (
    SELECT c.org_id, c.id FROM core.outbox c
    WHERE c.sent_at IS NULL AND (c.lease_until IS NULL OR c.lease_until < now())
      AND NOT EXISTS (
        SELECT FROM core.outbox earlier
        WHERE earlier.org_id = c.org_id AND earlier.run_id = c.run_id
          AND earlier.sent_at IS NULL AND earlier.seq < c.seq)
    ORDER BY c.id LIMIT max_rows FOR UPDATE SKIP LOCKED
  ) claimed
  WHERE o.org_id = claimed.org_id AND o.id = claimed.id
  RETURNING o.org_id, o.id
$$;

CREATE FUNCTION core.open_runs(max_rows integer, after_run_id text) RETURNS TABLE (org_id text, run_id text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT r.org_id, r.run_id FROM core.runs r
  WHERE r.status IN ('requested', 'running') AND r.run_id > after_run_id
  ORDER BY r.run_id LIMIT max_rows
$$;

CREATE FUNCTION core.expired_approvals(max_rows integer) RETURNS TABLE (org_id text, approval_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT a.org_id, a.approval_id FROM authz.approvals a
  WHERE a.status = 'pending' AND a.expires_at < now()
  ORDER BY a.expires_at LIMIT max_rows
$$;
--> statement-breakpoint
CREATE FUNCTION hub.claim_outbox(owner text, max_rows integer, lease_ms integer) RETURNS TABLE (org_id text, id bigint)
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  UPDATE hub.outbox o
  SET lease_owner = owner, lease_until = now() + make_interval(secs => lease_ms / 1000.0), attempts = o.attempts + 1
  FROM (
    SELECT c.org_id, c.id FROM hub.outbox c
    WHERE c.sent_at IS NULL AND (c.lease_until IS NULL OR c.lease_until < now())
    ORDER BY c.id LIMIT max_rows FOR UPDATE SKIP LOCKED
  ) claimed
  WHERE o.org_id = claimed.org_id AND o.id = claimed.id
  RETURNING o.org_id, o.id
$$;

CREATE FUNCTION hub.org_of_state(hash text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT s.org_id FROM hub.oauth_states s WHERE s.state_hash = hash
$$;

CREATE FUNCTION hub.org_of_launch_code(hash text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT s.org_id FROM hub.oauth_states s WHERE s.launch_code_hash = hash
$$;

-- Calls whose holder is gone, and those of unknown outcome that may be looked up by now.
CREATE FUNCTION hub.stale_calls(max_rows integer) RETURNS TABLE (org_id text, call_id text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT k.org_id, k.call_id FROM hub.call_keys k
  WHERE (k.state = 'in_flight' AND k.deadline < now())
     OR (k.state = 'maybe' AND coalesce(k.settle_after, k.deadline) < now())
  ORDER BY CASE k.state WHEN 'in_flight' THEN k.deadline ELSE coalesce(k.settle_after, k.deadline) END
  LIMIT max_rows
$$;
--> statement-breakpoint
-- Owned by the job roles, who may create nothing: the right is lent for the change of owner, which demands it.
GRANT CREATE ON SCHEMA core TO core_jobs;
GRANT CREATE ON SCHEMA hub TO hub_jobs;
DO $$
DECLARE
  job regprocedure;
BEGIN
  FOREACH job IN ARRAY ARRAY[
    'core.claim_outbox(text, integer, integer)', 'core.open_runs(integer, text)', 'core.expired_approvals(integer)'
  ]::regprocedure[] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', job);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO core_runtime', job);
    EXECUTE format('ALTER FUNCTION %s OWNER TO core_jobs', job);
  END LOOP;
  FOREACH job IN ARRAY ARRAY[
    'hub.claim_outbox(text, integer, integer)', 'hub.org_of_state(text)', 'hub.org_of_launch_code(text)',
    'hub.stale_calls(integer)'
  ]::regprocedure[] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', job);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO hub_runtime', job);
    EXECUTE format('ALTER FUNCTION %s OWNER TO hub_jobs', job);
  END LOOP;
END
$$;
REVOKE CREATE ON SCHEMA core FROM core_jobs;
REVOKE CREATE ON SCHEMA hub FROM hub_jobs;
