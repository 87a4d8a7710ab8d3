-- Connections that a copy was at when it died: refreshing, or ending a grant. And how many cannot be refreshed right now.
GRANT SELECT (refresh_owner, refresh_until, refresh_failures) ON hub.connections TO hub_jobs;
--> statement-breakpoint
CREATE FUNCTION hub.left_connections(max_rows integer) RETURNS TABLE (org_id text, connection_id text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT n.org_id, n.connection_id FROM hub.connections n
  WHERE n.refresh_owner IS NOT NULL AND n.refresh_until < now()
  ORDER BY n.refresh_until LIMIT max_rows
$$;

CREATE FUNCTION hub.failing_refreshes() RETURNS TABLE (provider text, amount bigint)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT n.provider, count(*) FROM hub.connections n
  WHERE n.refresh_failures > 0 AND n.status = 'active' GROUP BY n.provider
$$;
--> statement-breakpoint
-- Owned by the job role, which may create nothing: the right is lent for the change of owner, which demands it.
GRANT CREATE ON SCHEMA hub TO hub_jobs;
DO $$
DECLARE
  job regprocedure;
BEGIN
  FOREACH job IN ARRAY ARRAY['hub.left_connections(integer)', 'hub.failing_refreshes()']::regprocedure[] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', job);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO hub_runtime', job);
    EXECUTE format('ALTER FUNCTION %s OWNER TO hub_jobs', job);
  END LOOP;
END
$$;
REVOKE CREATE ON SCHEMA hub FROM hub_jobs;
