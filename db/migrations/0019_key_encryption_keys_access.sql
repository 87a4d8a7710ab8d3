-- Which key encryption keys are still needed: organisations with a data key under another one, and counts. The wrapped keys
-- themselves stay out of the job roles' sight.
GRANT SELECT (org_id, kek) ON core.data_keys TO core_jobs;
GRANT SELECT (org_id, kek) ON hub.data_keys TO hub_jobs;
CREATE POLICY jobs_read ON core.data_keys FOR SELECT TO core_jobs USING (current_user = 'core_jobs');
CREATE POLICY jobs_read ON hub.data_keys FOR SELECT TO hub_jobs USING (current_user = 'hub_jobs');
--> statement-breakpoint
CREATE FUNCTION core.orgs_under_other_kek(kek text, max_rows integer, after_org_id text) RETURNS TABLE (org_id text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT DISTINCT k.org_id FROM core.data_keys k
  WHERE k.kek <> orgs_under_other_kek.kek AND k.org_id > after_org_id
  ORDER BY k.org_id LIMIT max_rows
$$;

CREATE FUNCTION core.keys_by_kek() RETURNS TABLE (kek text, keys integer)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT k.kek, count(*)::integer FROM core.data_keys k GROUP BY k.kek ORDER BY k.kek
$$;
--> statement-breakpoint
CREATE FUNCTION hub.orgs_under_other_kek(kek text, max_rows integer, after_org_id text) RETURNS TABLE (org_id text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT DISTINCT k.org_id FROM hub.data_keys k
  WHERE k.kek <> orgs_under_other_kek.kek AND k.org_id > after_org_id
  ORDER BY k.org_id LIMIT max_rows
$$;

CREATE FUNCTION hub.keys_by_kek() RETURNS TABLE (kek text, keys integer)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT k.kek, count(*)::integer FROM hub.data_keys k GROUP BY k.kek ORDER BY k.kek
$$;
--> statement-breakpoint
-- Owned by the job roles, who may create nothing: the right is lent for the change of owner, which demands it.
GRANT CREATE ON SCHEMA core TO core_jobs;
GRANT CREATE ON SCHEMA hub TO hub_jobs;
DO $$
DECLARE
  process text;
  job text;
BEGIN
  FOREACH process IN ARRAY ARRAY['core', 'hub'] LOOP
    FOREACH job IN ARRAY ARRAY['orgs_under_other_kek(text, integer, text)', 'keys_by_kek()'] LOOP
      EXECUTE format('REVOKE ALL ON FUNCTION %I.%s FROM PUBLIC', process, job);
      EXECUTE format('GRANT EXECUTE ON FUNCTION %I.%s TO %I', process, job, process || '_runtime');
      EXECUTE format('ALTER FUNCTION %I.%s OWNER TO %I', process, job, process || '_jobs');
    END LOOP;
  END LOOP;
END
$$;
REVOKE CREATE ON SCHEMA core FROM core_jobs;
REVOKE CREATE ON SCHEMA hub FROM hub_jobs;
