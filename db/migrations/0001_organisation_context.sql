-- The setting app.org holds `org|expiry|hex(HMAC-SHA256(key, "org|expiry"))`, made by the process for one transaction
-- (platform/auth/org-context.ts). Row-level security believes it only through app.current_org(), so that injected SQL,
-- which can set the setting as well, cannot choose an organisation.
CREATE SCHEMA IF NOT EXISTS app;

-- Read by its owner only. HMAC needs the key as two padded blocks (RFC 2104); stored so, no extension is needed.
CREATE TABLE app.org_context_keys (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fingerprint text NOT NULL UNIQUE,
  inner_block bytea NOT NULL CHECK (length(inner_block) = 64),
  outer_block bytea NOT NULL CHECK (length(outer_block) = 64),
  installed_at timestamptz NOT NULL DEFAULT now()
);
REVOKE ALL ON app.org_context_keys FROM PUBLIC;

-- The verified organisation, or NULL. Compared with the start of the transaction: a context does not end within one.
CREATE FUNCTION app.current_org() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  setting constant text := current_setting('app.org', true);
  parts text[];
  signed bytea;
BEGIN
  IF setting IS NULL OR setting !~ '^[A-Za-z0-9_-]{1,200}\|[0-9]{1,12}\|[0-9a-f]{64}$' THEN
    RETURN NULL;
  END IF;
  parts := string_to_array(setting, '|');
  IF parts[2]::bigint <= extract(epoch FROM transaction_timestamp()) THEN
    RETURN NULL;
  END IF;
  signed := convert_to(parts[1] || '|' || parts[2], 'UTF8');
  IF EXISTS (
    SELECT FROM app.org_context_keys k
    WHERE encode(sha256(k.outer_block || sha256(k.inner_block || signed)), 'hex') = parts[3]
  ) THEN
    RETURN parts[1];
  END IF;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION app.current_org() FROM PUBLIC;
GRANT USAGE ON SCHEMA app TO core_runtime, hub_runtime;
-- Policies run it with the rights of whoever queries.
GRANT EXECUTE ON FUNCTION app.current_org() TO core_runtime, hub_runtime, core_jobs, hub_jobs;

-- Every table with org_id goes through here. Wrapped in a SELECT, the function runs once per statement.
CREATE FUNCTION app.isolate(isolated regclass) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', isolated);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', isolated);
  EXECUTE format(
    'CREATE POLICY organisation ON %s USING (org_id = (SELECT app.current_org())) '
    'WITH CHECK (org_id = (SELECT app.current_org()))', isolated);
END
$$;
REVOKE ALL ON FUNCTION app.isolate(regclass) FROM PUBLIC;
