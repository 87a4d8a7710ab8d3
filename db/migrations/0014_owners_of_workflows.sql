-- Whose workflow it is, for the key of its payloads: ids of workflows name an employee or a schedule, and no organisation.
GRANT SELECT (org_id, employee_id) ON core.employees TO core_jobs;
GRANT SELECT (org_id, schedule_id) ON core.schedules TO core_jobs;
CREATE POLICY jobs_read ON core.employees FOR SELECT TO core_jobs USING (true);
CREATE POLICY jobs_read ON core.schedules FOR SELECT TO core_jobs USING (true);
--> statement-breakpoint
CREATE FUNCTION core.org_of_employee(employee text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT e.org_id FROM core.employees e WHERE e.employee_id = employee
$$;

CREATE FUNCTION core.org_of_schedule(schedule uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT s.org_id FROM core.schedules s WHERE s.schedule_id = schedule
$$;
--> statement-breakpoint
-- Owned by the job role, which may create nothing: the right is lent for the change of owner, which demands it.
GRANT CREATE ON SCHEMA core TO core_jobs;
DO $$
DECLARE
  job regprocedure;
BEGIN
  FOREACH job IN ARRAY ARRAY['core.org_of_employee(text)', 'core.org_of_schedule(uuid)']::regprocedure[] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', job);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO core_runtime', job);
    EXECUTE format('ALTER FUNCTION %s OWNER TO core_jobs', job);
  END LOOP;
END
$$;
REVOKE CREATE ON SCHEMA core FROM core_jobs;
