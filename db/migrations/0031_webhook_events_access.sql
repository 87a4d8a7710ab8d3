SELECT app.isolate(t) FROM unnest(ARRAY['hub.webhook_events', 'hub.webhook_subscriptions']::regclass[]) t;
SELECT app.demand_audit(t) FROM unnest(ARRAY['hub.webhook_events', 'hub.webhook_subscriptions']::regclass[]) t;
GRANT SELECT, INSERT, UPDATE ON hub.webhook_events TO hub_runtime;
GRANT SELECT, INSERT, UPDATE, DELETE ON hub.webhook_subscriptions TO hub_runtime;
--> statement-breakpoint
-- Work over all organisations sees ids, states and times; what an event says stays out of its sight.
GRANT SELECT (account_id) ON hub.connections TO hub_jobs;
GRANT SELECT (org_id, event_id, position, connection_id, provider, received_at, lease_owner, lease_until, attempts, sent_at, parked_at),
  UPDATE (lease_owner, lease_until, attempts), DELETE ON hub.webhook_events TO hub_jobs;
GRANT SELECT (org_id, connection_id, provider, names, renew_at, lease_owner, lease_until),
  UPDATE (lease_owner, lease_until) ON hub.webhook_subscriptions TO hub_jobs;
CREATE POLICY jobs_read ON hub.webhook_events FOR SELECT TO hub_jobs USING (current_user = 'hub_jobs');
CREATE POLICY jobs_lease ON hub.webhook_events FOR UPDATE TO hub_jobs USING (current_user = 'hub_jobs') WITH CHECK (true);
CREATE POLICY jobs_clean ON hub.webhook_events FOR DELETE TO hub_jobs USING (current_user = 'hub_jobs');
CREATE POLICY jobs_read ON hub.webhook_subscriptions FOR SELECT TO hub_jobs USING (current_user = 'hub_jobs');
CREATE POLICY jobs_lease ON hub.webhook_subscriptions FOR UPDATE TO hub_jobs USING (current_user = 'hub_jobs') WITH CHECK (true);
--> statement-breakpoint
-- Whom a webhook concerns: it names accounts at the provider, or what a subscription made known; several organisations may
-- have connected one account.
CREATE FUNCTION hub.org_of_connection(provider text, accounts text[]) RETURNS TABLE (org_id text, connection_id text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT n.org_id, n.connection_id FROM hub.connections n
  WHERE n.provider = org_of_connection.provider AND n.account_id = ANY (accounts) AND n.status <> 'disconnected'
  UNION
  SELECT n.org_id, n.connection_id FROM hub.webhook_subscriptions s
  JOIN hub.connections n ON n.org_id = s.org_id AND n.connection_id = s.connection_id
  WHERE s.provider = org_of_connection.provider AND s.names && accounts AND n.status <> 'disconnected'
$$;

-- Leases events, of each connection only the lowest that is neither sent nor parked: what comes later waits for it. One step
-- of the recursion for each connection that has any, however many it has.
CREATE FUNCTION hub.claim_webhook_events(owner text, max_rows integer, lease_ms integer) RETURNS TABLE (org_id text, event_id uuid)
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  WITH RECURSIVE heads AS (
    (SELECT e.org_id, e.connection_id, e.position, e.event_id, e.lease_until FROM hub.webhook_events e
     WHERE e.sent_at IS NULL AND e.parked_at IS NULL
     ORDER BY e.org_id, e.connection_id, e.position LIMIT 1)
    UNION ALL
    SELECT n.org_id, n.connection_id, n.position, n.event_id, n.lease_until FROM heads h CROSS JOIN LATERAL (
      SELECT e.org_id, e.connection_id, e.position, e.event_id, e.lease_until FROM hub.webhook_events e
      WHERE e.sent_at IS NULL AND e.parked_at IS NULL AND (e.org_id, e.connection_id) > (h.org_id, h.connection_id)
      ORDER BY e.org_id, e.connection_id, e.position LIMIT 1
    ) n
  ), free AS MATERIALIZED (
    SELECT h.org_id, h.event_id FROM heads h
    WHERE h.lease_until IS NULL OR h.lease_until < now()
    ORDER BY h.position LIMIT max_rows
  )
  UPDATE hub.webhook_events e
  SET lease_owner = owner, lease_until = now() + make_interval(secs => lease_ms / 1000.0), attempts = e.attempts + 1
  FROM free
  WHERE e.org_id = free.org_id AND e.event_id = free.event_id
    -- Asked again of the row as it is: another copy may have been quicker.
    AND e.sent_at IS NULL AND e.parked_at IS NULL AND (e.lease_until IS NULL OR e.lease_until < now())
  RETURNING e.org_id, e.event_id
$$;

CREATE FUNCTION hub.claim_webhook_subscriptions(owner text, max_rows integer, lease_ms integer)
RETURNS TABLE (org_id text, connection_id text)
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  UPDATE hub.webhook_subscriptions s
  SET lease_owner = owner, lease_until = now() + make_interval(secs => lease_ms / 1000.0)
  FROM (
    SELECT c.org_id, c.connection_id FROM hub.webhook_subscriptions c
    WHERE c.renew_at < now() AND (c.lease_until IS NULL OR c.lease_until < now())
    ORDER BY c.renew_at LIMIT max_rows FOR UPDATE SKIP LOCKED
  ) due
  WHERE s.org_id = due.org_id AND s.connection_id = due.connection_id
  RETURNING s.org_id, s.connection_id
$$;

-- What is over goes; what waits, never.
CREATE FUNCTION hub.clean_webhook_events(keep_days integer, max_rows integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  WITH gone AS (
    DELETE FROM hub.webhook_events e USING (
      SELECT c.org_id, c.event_id FROM hub.webhook_events c
      WHERE coalesce(c.sent_at, c.parked_at) < now() - make_interval(days => keep_days)
      LIMIT max_rows FOR UPDATE SKIP LOCKED
    ) old
    WHERE e.org_id = old.org_id AND e.event_id = old.event_id
    RETURNING 1
  )
  SELECT count(*)::integer FROM gone
$$;

-- Counted up to ten thousand, the oldest first: more is a backlog all the same.
CREATE FUNCTION hub.webhook_figures()
RETURNS TABLE (figure text, provider text, kind text, amount bigint, oldest_seconds double precision)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  WITH waiting AS (
    (SELECT e.provider, 'unsent' AS kind, e.received_at AS since FROM hub.webhook_events e
     WHERE e.sent_at IS NULL AND e.parked_at IS NULL ORDER BY e.received_at LIMIT 10000)
    UNION ALL
    (SELECT e.provider, 'parked', e.parked_at FROM hub.webhook_events e
     WHERE e.parked_at IS NOT NULL ORDER BY e.parked_at LIMIT 10000)
  )
  SELECT 'webhooks', w.provider, w.kind, count(*), extract(epoch FROM now() - min(w.since))::double precision
  FROM waiting w GROUP BY w.provider, w.kind
$$;
--> statement-breakpoint
-- Owned by the job role, who may create nothing: the right is lent for the change of owner, which demands it.
GRANT CREATE ON SCHEMA hub TO hub_jobs;
DO $$
DECLARE
  job regprocedure;
BEGIN
  FOREACH job IN ARRAY ARRAY[
    'hub.org_of_connection(text, text[])', 'hub.claim_webhook_events(text, integer, integer)',
    'hub.claim_webhook_subscriptions(text, integer, integer)', 'hub.clean_webhook_events(integer, integer)',
    'hub.webhook_figures()'
  ]::regprocedure[] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', job);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO hub_runtime', job);
    EXECUTE format('ALTER FUNCTION %s OWNER TO hub_jobs', job);
  END LOOP;
END
$$;
REVOKE CREATE ON SCHEMA hub FROM hub_jobs;
