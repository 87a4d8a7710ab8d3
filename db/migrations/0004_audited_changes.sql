-- No change without an audit row in the same transaction, whatever the code forgets: a row changed by a runtime role
-- queues a check for the commit, an audit row satisfies it. Jobs functions (leases) and the owner are not concerned.
CREATE FUNCTION app.note_audit() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM set_config('app.audited', 'yes', true);
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION app.note_audit() FROM PUBLIC;

CREATE FUNCTION app.require_audit() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF current_setting('app.audited', true) IS DISTINCT FROM 'yes' THEN
    RAISE EXCEPTION 'change of %.% without an audit row', TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'CL001';
  END IF;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION app.require_audit() FROM PUBLIC;

CREATE TRIGGER note_audit AFTER INSERT ON core.audit FOR EACH ROW EXECUTE FUNCTION app.note_audit();
CREATE TRIGGER note_audit AFTER INSERT ON hub.audit FOR EACH ROW EXECUTE FUNCTION app.note_audit();

CREATE FUNCTION app.demand_audit(audited regclass) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  EXECUTE format(
    'CREATE CONSTRAINT TRIGGER require_audit AFTER INSERT OR UPDATE OR DELETE ON %s '
    'DEFERRABLE INITIALLY DEFERRED FOR EACH ROW '
    'WHEN (current_user IN (''core_runtime'', ''hub_runtime'')) EXECUTE FUNCTION app.require_audit()', audited);
END
$$;
REVOKE ALL ON FUNCTION app.demand_audit(regclass) FROM PUBLIC;

SELECT app.demand_audit(c.oid::regclass)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('core', 'hub', 'authz') AND c.relkind IN ('r', 'p')
  AND NOT c.relispartition AND c.relname <> 'audit';
