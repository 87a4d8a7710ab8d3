-- What was sealed with a key that is no longer in use would be lost when that key is retired: a process that read the key
-- before may not commit it any more, and seals again. Whoever retires a key locks its row first.
CREATE FUNCTION app.demand_key_in_use() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  name text;
  sealed text;
  found_one boolean;
BEGIN
  FOREACH name IN ARRAY TG_ARGV LOOP
    sealed := to_jsonb(NEW) ->> name;
    CONTINUE WHEN sealed IS NULL OR TG_OP = 'UPDATE' AND sealed IS NOT DISTINCT FROM to_jsonb(OLD) ->> name;
    EXECUTE format(
      'SELECT true FROM %I.data_keys k WHERE k.org_id = $1 AND k.kid = $2 AND k.retired_at IS NULL FOR KEY SHARE', TG_TABLE_SCHEMA
    ) INTO found_one USING NEW.org_id, split_part(sealed, '.', 2);
    IF found_one IS NOT TRUE THEN
      -- As a transaction that is to be repeated.
      RAISE EXCEPTION 'sealed with a key that is not in use' USING ERRCODE = '40001';
    END IF;
  END LOOP;
  RETURN NEW;
END
$$;
--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION app.demand_key_in_use() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER demand_key_in_use BEFORE INSERT OR UPDATE OF access_token, refresh_token ON hub.connections
  FOR EACH ROW WHEN (current_user = 'hub_runtime') EXECUTE FUNCTION app.demand_key_in_use('access_token', 'refresh_token');
CREATE TRIGGER demand_key_in_use BEFORE INSERT OR UPDATE OF client_secret ON hub.custom_providers
  FOR EACH ROW WHEN (current_user = 'hub_runtime') EXECUTE FUNCTION app.demand_key_in_use('client_secret');
CREATE TRIGGER demand_key_in_use BEFORE INSERT OR UPDATE OF m2m_client_secret ON core.employees
  FOR EACH ROW WHEN (current_user = 'core_runtime') EXECUTE FUNCTION app.demand_key_in_use('m2m_client_secret');
--> statement-breakpoint
-- Destroying an organisation's keys is deleting their rows.
GRANT DELETE ON core.data_keys TO core_runtime;
GRANT DELETE ON hub.data_keys TO hub_runtime;
