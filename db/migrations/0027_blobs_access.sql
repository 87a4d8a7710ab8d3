SELECT app.isolate('core.blobs'::regclass);
SELECT app.demand_audit('core.blobs'::regclass);
GRANT SELECT, INSERT, UPDATE, DELETE ON core.blobs TO core_runtime;
GRANT SELECT (org_id, object_id, state, expires_at) ON core.blobs TO core_jobs;
CREATE POLICY jobs_read ON core.blobs FOR SELECT TO core_jobs USING (current_user = 'core_jobs');
--> statement-breakpoint
-- Objects whose time is over, uploads that never ended, and what a deletion left half done.
CREATE FUNCTION core.expired_blobs(max_rows integer) RETURNS TABLE (org_id text, object_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT b.org_id, b.object_id FROM core.blobs b
  WHERE b.expires_at < now()
  ORDER BY b.expires_at LIMIT max_rows
$$;
--> statement-breakpoint
-- Owned by the job role, which may create nothing: the right is lent for the change of owner, which demands it.
GRANT CREATE ON SCHEMA core TO core_jobs;
REVOKE ALL ON FUNCTION core.expired_blobs(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION core.expired_blobs(integer) TO core_runtime;
ALTER FUNCTION core.expired_blobs(integer) OWNER TO core_jobs;
REVOKE CREATE ON SCHEMA core FROM core_jobs;
