SELECT app.isolate(t) FROM unnest(ARRAY[
  'core.memory_keys', 'core.memory_entries', 'core.memory_versions', 'core.memory_stems'
]::regclass[]) t;
SELECT app.demand_audit(t) FROM unnest(ARRAY[
  'core.memory_keys', 'core.memory_entries', 'core.memory_versions', 'core.memory_stems'
]::regclass[]) t;
--> statement-breakpoint
-- Memory is what people may have forgotten: its rows can go. What a version says never changes: only its seal does.
GRANT SELECT, INSERT, UPDATE (sealed), DELETE ON core.memory_keys TO core_runtime;
GRANT SELECT, INSERT, UPDATE, DELETE ON core.memory_entries TO core_runtime;
GRANT SELECT, INSERT, UPDATE (content), DELETE ON core.memory_versions TO core_runtime;
GRANT SELECT, INSERT, DELETE ON core.memory_stems TO core_runtime;
--> statement-breakpoint
-- Whose memory there is to be put in order; one transaction for each organisation follows.
GRANT SELECT (org_id) ON core.memory_keys TO core_jobs;
CREATE POLICY jobs_read ON core.memory_keys FOR SELECT TO core_jobs USING (current_user = 'core_jobs');
CREATE FUNCTION core.memory_orgs(max_rows integer, after_org_id text) RETURNS TABLE (org_id text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT k.org_id FROM core.memory_keys k WHERE k.org_id > after_org_id ORDER BY k.org_id LIMIT max_rows
$$;
REVOKE ALL ON FUNCTION core.memory_orgs(integer, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION core.memory_orgs(integer, text) TO core_runtime;
GRANT CREATE ON SCHEMA core TO core_jobs;
ALTER FUNCTION core.memory_orgs(integer, text) OWNER TO core_jobs;
REVOKE CREATE ON SCHEMA core FROM core_jobs;
