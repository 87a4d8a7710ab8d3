SELECT app.isolate(t) FROM unnest(ARRAY[
  'core.fact_cursors', 'core.audit_seals', 'core.insight_dismissals', 'hub.audit_seals'
]::regclass[]) t;
-- Not of cursors: where a reader stands is nobody's doing.
SELECT app.demand_audit(t) FROM unnest(ARRAY[
  'core.audit_seals', 'core.insight_dismissals', 'hub.audit_seals'
]::regclass[]) t;
GRANT SELECT, INSERT, UPDATE ON core.fact_cursors TO core_runtime;
GRANT SELECT, INSERT ON core.insight_dismissals TO core_runtime;
-- Added by the functions below alone.
GRANT SELECT ON core.audit_seals TO core_runtime;
GRANT SELECT ON hub.audit_seals TO hub_runtime;
--> statement-breakpoint
-- Numbers facts in the order of commits: whoever appends waits for the commit of whoever appended before in the same
-- organisation, so that a reader behind number n never meets a smaller one later. Facts are appended last in their
-- transaction, right before its commit: the lock is held for no longer than that. A number has no gap before it.
CREATE FUNCTION core.number_fact() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('core.facts ' || NEW.org_id, 0));
  NEW.seq := coalesce(
    (SELECT f.seq FROM core.facts f WHERE f.org_id = NEW.org_id ORDER BY f.seq DESC LIMIT 1), 0) + 1;
  RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION core.number_fact() FROM PUBLIC;
CREATE TRIGGER number_fact BEFORE INSERT ON core.facts FOR EACH ROW EXECUTE FUNCTION core.number_fact();
--> statement-breakpoint
-- Rows of the audit are sealed some minutes after their time: until then a transaction may still add one. So none may be
-- added later than that, or with another time than its own.
CREATE OR REPLACE FUNCTION app.note_audit() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF current_user IN ('core_runtime', 'hub_runtime', 'hub_calls')
    AND NEW.at NOT BETWEEN clock_timestamp() - interval '2 minutes' AND clock_timestamp() + interval '1 second' THEN
    RAISE EXCEPTION 'an audit row of another time than now' USING ERRCODE = 'CL002';
  END IF;
  PERFORM set_config('app.audited', 'yes', true);
  RETURN NULL;
END
$$;
--> statement-breakpoint
GRANT SELECT (org_id, seq) ON core.facts TO core_jobs;
GRANT SELECT (org_id, consumer, seq, retry_at) ON core.fact_cursors TO core_jobs;
GRANT SELECT (org_id, at) ON core.audit TO core_jobs;
GRANT SELECT (org_id, block, to_at, hash), INSERT ON core.audit_seals TO core_jobs;
GRANT SELECT (org_id, at) ON hub.audit TO hub_jobs;
GRANT SELECT (org_id, block, to_at, hash), INSERT ON hub.audit_seals TO hub_jobs;
CREATE POLICY jobs_read ON core.facts FOR SELECT TO core_jobs USING (current_user = 'core_jobs');
CREATE POLICY jobs_read ON core.fact_cursors FOR SELECT TO core_jobs USING (current_user = 'core_jobs');
CREATE POLICY jobs_read ON core.audit FOR SELECT TO core_jobs USING (current_user = 'core_jobs');
CREATE POLICY jobs_read ON core.audit_seals FOR SELECT TO core_jobs USING (current_user = 'core_jobs');
CREATE POLICY jobs_read ON hub.audit FOR SELECT TO hub_jobs USING (current_user = 'hub_jobs');
CREATE POLICY jobs_read ON hub.audit_seals FOR SELECT TO hub_jobs USING (current_user = 'hub_jobs');
--> statement-breakpoint
-- Where each of these streams ends: one step into an index for each.
CREATE FUNCTION core.fact_heads(orgs text[]) RETURNS TABLE (org_id text, seq bigint)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT o.org_id, h.seq FROM unnest(orgs) AS o (org_id) CROSS JOIN LATERAL (
    SELECT f.seq FROM core.facts f WHERE f.org_id = o.org_id ORDER BY f.seq DESC LIMIT 1
  ) h
$$;

-- Organisations whose stream goes on behind a consumer's place.
CREATE FUNCTION core.orgs_with_unread_facts(reader text, max_rows integer) RETURNS TABLE (org_id text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT c.org_id FROM core.fact_cursors c CROSS JOIN LATERAL (
    SELECT f.seq FROM core.facts f WHERE f.org_id = c.org_id ORDER BY f.seq DESC LIMIT 1
  ) h
  WHERE c.consumer = reader AND h.seq > c.seq AND (c.retry_at IS NULL OR c.retry_at < now())
  LIMIT max_rows
$$;

-- Organisations with audit rows that are so old and not sealed. One step of the recursion for each organisation.
CREATE FUNCTION core.orgs_to_seal(older_than_ms integer, max_rows integer) RETURNS TABLE (org_id text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  WITH RECURSIVE orgs AS (
    (SELECT a.org_id FROM core.audit a ORDER BY a.org_id LIMIT 1)
    UNION ALL
    SELECT n.org_id FROM orgs o CROSS JOIN LATERAL (
      SELECT a.org_id FROM core.audit a WHERE a.org_id > o.org_id ORDER BY a.org_id LIMIT 1
    ) n
  )
  SELECT o.org_id FROM orgs o WHERE EXISTS (
    SELECT FROM core.audit a
    WHERE a.org_id = o.org_id AND a.at <= now() - make_interval(secs => older_than_ms / 1000.0)
      AND a.at > coalesce(
        (SELECT s.to_at FROM core.audit_seals s WHERE s.org_id = o.org_id ORDER BY s.block DESC LIMIT 1), '-infinity')
  ) LIMIT max_rows
$$;

CREATE FUNCTION hub.orgs_to_seal(older_than_ms integer, max_rows integer) RETURNS TABLE (org_id text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  WITH RECURSIVE orgs AS (
    (SELECT a.org_id FROM hub.audit a ORDER BY a.org_id LIMIT 1)
    UNION ALL
    SELECT n.org_id FROM orgs o CROSS JOIN LATERAL (
      SELECT a.org_id FROM hub.audit a WHERE a.org_id > o.org_id ORDER BY a.org_id LIMIT 1
    ) n
  )
  SELECT o.org_id FROM orgs o WHERE EXISTS (
    SELECT FROM hub.audit a
    WHERE a.org_id = o.org_id AND a.at <= now() - make_interval(secs => older_than_ms / 1000.0)
      AND a.at > coalesce(
        (SELECT s.to_at FROM hub.audit_seals s WHERE s.org_id = o.org_id ORDER BY s.block DESC LIMIT 1), '-infinity')
  ) LIMIT max_rows
$$;

-- Adds the next seal of the verified organisation, and only that: it must name the hash of the last one. Two copies that
-- seal at the same time make one seal. Sealing changes nothing that anybody asked for, so it leaves no audit row.
CREATE FUNCTION core.seal_audit(next_block bigint, since timestamptz, until timestamptz, row_count integer, last_hash text, next_hash text)
RETURNS boolean
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  WITH added AS (
    INSERT INTO core.audit_seals (org_id, block, from_at, to_at, rows, previous, hash)
    SELECT app.current_org(), next_block, since, until, row_count, last_hash, next_hash
    WHERE until < now() AND until > coalesce(since, '-infinity')
      AND (next_block = 1 OR EXISTS (
        SELECT FROM core.audit_seals s
        WHERE s.org_id = app.current_org() AND s.block = next_block - 1 AND s.hash = last_hash AND s.to_at = since))
    ON CONFLICT DO NOTHING RETURNING 1
  )
  SELECT EXISTS (SELECT FROM added)
$$;

CREATE FUNCTION hub.seal_audit(next_block bigint, since timestamptz, until timestamptz, row_count integer, last_hash text, next_hash text)
RETURNS boolean
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  WITH added AS (
    INSERT INTO hub.audit_seals (org_id, block, from_at, to_at, rows, previous, hash)
    SELECT app.current_org(), next_block, since, until, row_count, last_hash, next_hash
    WHERE until < now() AND until > coalesce(since, '-infinity')
      AND (next_block = 1 OR EXISTS (
        SELECT FROM hub.audit_seals s
        WHERE s.org_id = app.current_org() AND s.block = next_block - 1 AND s.hash = last_hash AND s.to_at = since))
    ON CONFLICT DO NOTHING RETURNING 1
  )
  SELECT EXISTS (SELECT FROM added)
$$;
--> statement-breakpoint
GRANT USAGE ON SCHEMA app TO core_jobs, hub_jobs;
-- Owned by the job roles, who may create nothing: the right is lent for the change of owner, which demands it.
GRANT CREATE ON SCHEMA core TO core_jobs;
GRANT CREATE ON SCHEMA hub TO hub_jobs;
DO $$
DECLARE
  job regprocedure;
BEGIN
  FOREACH job IN ARRAY ARRAY[
    'core.fact_heads(text[])', 'core.orgs_with_unread_facts(text, integer)', 'core.orgs_to_seal(integer, integer)',
    'core.seal_audit(bigint, timestamptz, timestamptz, integer, text, text)'
  ]::regprocedure[] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', job);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO core_runtime', job);
    EXECUTE format('ALTER FUNCTION %s OWNER TO core_jobs', job);
  END LOOP;
  FOREACH job IN ARRAY ARRAY[
    'hub.orgs_to_seal(integer, integer)', 'hub.seal_audit(bigint, timestamptz, timestamptz, integer, text, text)'
  ]::regprocedure[] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', job);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO hub_runtime', job);
    EXECUTE format('ALTER FUNCTION %s OWNER TO hub_jobs', job);
  END LOOP;
END
$$;
REVOKE CREATE ON SCHEMA core FROM core_jobs;
REVOKE CREATE ON SCHEMA hub FROM hub_jobs;
