-- Figures for operators, over all organisations: counts and ages by words of ours, no id and no text of anybody's.
GRANT SELECT (kind, created_at) ON core.outbox TO core_jobs;
GRANT SELECT (waiting_on, paused_at, requested_at) ON core.runs TO core_jobs;
GRANT SELECT (run_id, requested_at) ON authz.approvals TO core_jobs;
GRANT SELECT (kind, created_at) ON hub.outbox TO hub_jobs;
GRANT SELECT (capability, created_at, updated_at) ON hub.call_keys TO hub_jobs;
GRANT SELECT (org_id, connection_id, provider, status) ON hub.connections TO hub_jobs;
GRANT SELECT (org_id, connection_id, until) ON hub.provider_limits TO hub_jobs;
CREATE POLICY jobs_read ON hub.connections FOR SELECT TO hub_jobs USING (current_user = 'hub_jobs');
CREATE POLICY jobs_read ON hub.provider_limits FOR SELECT TO hub_jobs USING (current_user = 'hub_jobs');
--> statement-breakpoint
-- Each reads one partial index: what is unsent, open, pending. What has ended costs nothing here.
CREATE FUNCTION core.figures() RETURNS TABLE (figure text, kind text, amount bigint, oldest_seconds double precision)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  WITH open AS MATERIALIZED (
    SELECT r.status, r.waiting_on, r.paused_at IS NOT NULL AS is_paused, count(*) AS amount, min(r.requested_at) AS oldest
    FROM core.runs r WHERE r.status IN ('requested', 'running')
    GROUP BY r.status, r.waiting_on, r.paused_at IS NOT NULL
  ), pending AS MATERIALIZED (
    SELECT a.org_id, a.run_id, count(*) AS amount, min(a.requested_at) AS oldest
    FROM authz.approvals a WHERE a.status = 'pending' GROUP BY a.org_id, a.run_id
  ), counted (figure, kind, amount, oldest) AS (
    SELECT 'outbox', o.kind, count(*), min(o.created_at) FROM core.outbox o WHERE o.sent_at IS NULL GROUP BY o.kind
    UNION ALL
    SELECT 'runs_open', o.status, sum(o.amount), min(o.oldest) FROM open o GROUP BY o.status
    UNION ALL
    SELECT 'runs_waiting', o.waiting_on, sum(o.amount), min(o.oldest) FROM open o WHERE o.waiting_on IS NOT NULL GROUP BY o.waiting_on
    UNION ALL
    SELECT 'runs_waiting', 'paused', sum(o.amount), min(o.oldest) FROM open o WHERE o.is_paused
    UNION ALL
    SELECT 'runs_waiting', 'approval', count(*), min(p.oldest) FROM pending p
    UNION ALL
    SELECT 'approvals', 'pending', sum(p.amount), min(p.oldest) FROM pending p
  )
  SELECT c.figure, c.kind, coalesce(c.amount, 0)::bigint, coalesce(extract(epoch FROM now() - c.oldest), 0)::double precision
  FROM counted c
$$;
--> statement-breakpoint
CREATE FUNCTION hub.figures() RETURNS TABLE (figure text, provider text, kind text, amount bigint, oldest_seconds double precision)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  WITH counted (figure, provider, kind, amount, oldest) AS (
    SELECT 'outbox', '', o.kind, count(*), min(o.created_at) FROM hub.outbox o WHERE o.sent_at IS NULL GROUP BY o.kind
    UNION ALL
    SELECT 'connections', n.provider, n.status, count(*), NULL FROM hub.connections n GROUP BY n.provider, n.status
    UNION ALL
    SELECT 'receipts', split_part(k.capability, '/', 1), 'unknown', count(*), min(k.updated_at)
    FROM hub.call_keys k WHERE k.state = 'unknown' GROUP BY split_part(k.capability, '/', 1)
    UNION ALL
    SELECT 'unsettled', split_part(k.capability, '/', 1), k.state, count(*), min(k.created_at)
    FROM hub.call_keys k WHERE k.state IN ('in_flight', 'maybe') AND k.deadline < now()
    GROUP BY split_part(k.capability, '/', 1), k.state
    UNION ALL
    SELECT 'limits', n.provider, '', count(*), NULL
    FROM hub.provider_limits l JOIN hub.connections n ON n.org_id = l.org_id AND n.connection_id = l.connection_id
    WHERE l.until > now() GROUP BY n.provider
  )
  SELECT c.figure, c.provider, c.kind, c.amount, coalesce(extract(epoch FROM now() - c.oldest), 0)::double precision
  FROM counted c
$$;
--> statement-breakpoint
-- Owned by the job roles, who may create nothing: the right is lent for the change of owner, which demands it.
GRANT CREATE ON SCHEMA core TO core_jobs;
GRANT CREATE ON SCHEMA hub TO hub_jobs;
DO $$
DECLARE
  process text;
BEGIN
  FOREACH process IN ARRAY ARRAY['core', 'hub'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %I.figures() FROM PUBLIC', process);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %I.figures() TO %I', process, process || '_runtime');
    EXECUTE format('ALTER FUNCTION %I.figures() OWNER TO %I', process, process || '_jobs');
  END LOOP;
END
$$;
REVOKE CREATE ON SCHEMA core FROM core_jobs;
REVOKE CREATE ON SCHEMA hub FROM hub_jobs;
