-- A call that goes well needs two changes of the ledger, each a transaction: the two functions below make each of them in one
-- round trip. They belong to a role of their own, which sees the organisation whose signed context they were given and no
-- other: the signature is verified once, where row-level security would verify it for each table of each statement.
GRANT USAGE ON SCHEMA app, authz, hub TO hub_calls;
GRANT EXECUTE ON FUNCTION app.current_org() TO hub_calls;
GRANT SELECT ON authz.runs, authz.grants, authz.memberships, authz.policies, authz.budgets, authz.quotas,
  hub.connections, hub.provider_limits TO hub_calls;
GRANT SELECT, INSERT, UPDATE ON hub.call_keys, hub.receipts, hub.budget_use TO hub_calls;
GRANT SELECT, UPDATE ON hub.rate_shares TO hub_calls;
GRANT INSERT ON hub.audit TO hub_calls;
--> statement-breakpoint
-- app.call_org is set by hub.enter_for_call alone as far as this role goes; whoever else sets it is not this role. Of a table's
-- policies PostgreSQL asks the one whose name comes last first, and those before it only where that one refuses.
DO $$
DECLARE
  seen regclass;
BEGIN
  FOREACH seen IN ARRAY ARRAY[
    'authz.runs', 'authz.grants', 'authz.memberships', 'authz.policies', 'authz.budgets', 'authz.quotas',
    'hub.connections', 'hub.provider_limits', 'hub.call_keys', 'hub.receipts', 'hub.budget_use', 'hub.rate_shares', 'hub.audit'
  ]::regclass[] LOOP
    EXECUTE format(
      'CREATE POLICY proxy ON %s TO hub_calls '
      'USING (current_user = ''hub_calls'' AND org_id = current_setting(''app.call_org'', true)) '
      'WITH CHECK (current_user = ''hub_calls'' AND org_id = current_setting(''app.call_org'', true))', seen);
  END LOOP;
END
$$;
--> statement-breakpoint
-- A change that comes after its audit row needs no look at the commit: there is one. And hub_calls is held to it as well.
CREATE OR REPLACE FUNCTION app.demand_audit(audited regclass) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  EXECUTE format(
    'CREATE CONSTRAINT TRIGGER require_audit AFTER INSERT OR UPDATE OR DELETE ON %s '
    'DEFERRABLE INITIALLY DEFERRED FOR EACH ROW '
    'WHEN (current_user IN (''core_runtime'', ''hub_runtime'', ''hub_calls'') '
    'AND current_setting(''app.audited'', true) IS DISTINCT FROM ''yes'') EXECUTE FUNCTION app.require_audit()', audited);
END
$$;
DO $$
DECLARE
  audited regclass;
BEGIN
  FOR audited IN
    SELECT t.tgrelid::regclass FROM pg_trigger t WHERE t.tgname = 'require_audit' AND t.tgparentid = 0
  LOOP
    EXECUTE format('DROP TRIGGER require_audit ON %s', audited);
    PERFORM app.demand_audit(audited);
  END LOOP;
END
$$;
--> statement-breakpoint
-- Takes on the organisation of a signed context until the end of the transaction.
CREATE FUNCTION hub.enter_for_call(signed text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  org text;
BEGIN
  PERFORM set_config('app.org', signed, true);
  org := app.current_org();
  IF org IS NULL THEN
    RAISE EXCEPTION 'the organisation context is not accepted' USING ERRCODE = 'CL003';
  END IF;
  RETURN set_config('app.call_org', org, true);
END
$$;

-- Takes a share of each rate as hub.take_shares does, with two statements for all of them: 'taken', 'no_room', 'too_many', or
-- 'new_rate' where one has no row yet. Anything but 'taken' may have locked rows, and is to be rolled back.
CREATE FUNCTION hub.take_known_shares(
  org text, connections text[], rates text[], wanted integer[], mosts integer[], slot_lengths integer[], calls_at_once integer
) RETURNS text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  none CONSTANT integer[] := '{0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0}';
  held record;
  slots integer[];
  windows integer[] := '{}';
  newest bigint[] := '{}';
  taken bigint;
  now_slot bigint;
  moved bigint;
BEGIN
  FOR held IN
    SELECT w.n::integer AS n, s.slot_ms, s.last_slot, s.slots, s.queued_until
    FROM unnest(connections, rates) WITH ORDINALITY AS w (connection_id, key, n)
    JOIN hub.rate_shares s ON s.org_id = org AND s.connection_id = w.connection_id AND s.key = w.key
    ORDER BY w.n FOR UPDATE OF s
  LOOP
    IF held.n <> cardinality(newest) + 1 THEN RETURN 'new_rate'; END IF;
    -- Once the rows are ours: whoever waited for them takes no share of the past.
    now_slot := (extract(epoch FROM clock_timestamp()) * 1000)::bigint / slot_lengths[held.n];
    moved := now_slot - held.last_slot;
    slots := held.slots;
    IF held.slot_ms <> slot_lengths[held.n] OR abs(moved) > 20 THEN slots := none;
    ELSIF moved > 0 THEN slots := slots[moved + 1 :] || none[1 : moved];
    ELSE now_slot := held.last_slot;
    END IF;
    taken := wanted[held.n] + slots[1] + slots[2] + slots[3] + slots[4] + slots[5] + slots[6] + slots[7] + slots[8] + slots[9]
      + slots[10] + slots[11] + slots[12] + slots[13] + slots[14] + slots[15] + slots[16] + slots[17] + slots[18] + slots[19]
      + slots[20] + slots[21]::bigint;
    IF taken > mosts[held.n] OR held.queued_until > clock_timestamp() THEN RETURN 'no_room'; END IF;
    slots[21] := slots[21] + wanted[held.n];
    windows := windows || slots;
    newest := newest || now_slot;
  END LOOP;
  IF cardinality(newest) < cardinality(rates) THEN RETURN 'new_rate'; END IF;
  IF taken > calls_at_once AND calls_at_once <
    (SELECT count(*) FROM hub.call_keys k WHERE k.org_id = org AND k.state = 'in_flight' AND k.deadline > clock_timestamp())
  THEN RETURN 'too_many'; END IF;
  UPDATE hub.rate_shares s
  SET slots = windows[21 * w.n - 20 : 21 * w.n], last_slot = newest[w.n], slot_ms = slot_lengths[w.n]
  FROM unnest(connections, rates) WITH ORDINALITY AS w (connection_id, key, n)
  WHERE s.org_id = org AND s.connection_id = w.connection_id AND s.key = w.key;
  RETURN 'taken';
END
$$;

-- none -> in_flight, where everything that the caller has decided upon still stands: `facts.standing` names the row versions
-- that it saw (connecthub/proxy/standing.ts makes the same text). Otherwise nothing is changed, and `outcome` says why not:
-- 'changed' (a row has another version, or a provider wants to be left alone), 'known' (the key), 'no_room', 'too_many',
-- 'new_rate', 'no_budget'. In the order in which all calls take their locks.
CREATE FUNCTION hub.begin_call(
  signed text, facts jsonb,
  rate_connections text[], rates text[], wanted integer[], rate_mosts integer[], slot_lengths integer[], calls_at_once integer,
  kinds text[], subjects text[], periods text[], units text[], amounts numeric[], mosts numeric[],
  OUT outcome text, OUT fence bigint, OUT created_at timestamptz
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  org constant text := hub.enter_for_call(signed);
  standing text;
  made record;
  reserved integer;
BEGIN
  -- The row of a read that a crash of the server loses only lets the read be made again; what comes after it in the log
  -- carries it along.
  IF facts->>'risk' = 'read' THEN PERFORM set_config('synchronous_commit', 'off', true); END IF;
  SELECT concat_ws(',', r.xmin, coalesce(g.xmin::text, '-'), coalesce(m.xmin::text, '-'), coalesce(p.xmin::text, '-'),
      coalesce(b.xmin::text, '-'), coalesce(q.xmin::text, '-'), coalesce(c.xmin::text, '-'))
    INTO standing
  FROM authz.runs r
  LEFT JOIN authz.grants g ON g.org_id = org AND g.employee_id = r.employee_id AND g.capability = facts->>'capability'
    AND g.revoked_at IS NULL
  LEFT JOIN authz.memberships m ON m.org_id = org AND m.user_id = facts->>'initiator_id' AND m.removed_at IS NULL
  LEFT JOIN authz.policies p ON p.org_id = org AND p.employee_id = r.employee_id AND p.version = r.version
  LEFT JOIN authz.budgets b ON b.org_id = org AND b.employee_id = r.employee_id
  LEFT JOIN authz.quotas q ON q.org_id = org
  LEFT JOIN hub.connections c ON c.org_id = org AND c.connection_id = facts->>'token_row'
  WHERE r.org_id = org AND r.run_id = facts->>'run_id' AND NOT EXISTS (
    SELECT FROM hub.provider_limits l
    WHERE l.org_id = org AND l.connection_id = facts->>'connection_id' AND l.capability IN ('', facts->>'capability')
      AND l.until > clock_timestamp());
  IF (standing = facts->>'standing') IS NOT TRUE THEN
    outcome := 'changed';
    RETURN;
  END IF;
  BEGIN
    INSERT INTO hub.audit (org_id, actor_type, actor_id, action, object_type, object_id, source, allowed, details)
    VALUES (org, 'agent', facts->>'actor_id', 'call.begin', 'call', facts->>'key', facts->>'source', true,
      jsonb_build_object('capability', facts->>'capability', 'digest', facts->>'digest'));
    INSERT INTO hub.call_keys (org_id, call_id, digest, capability, capability_version, connection_id, employee_id, run_id, risk,
      idempotency, native_key, reserved_on, reserved_currency, reserved_amount, owner, deadline)
    VALUES (org, facts->>'key', facts->>'digest', facts->>'capability', (facts->>'capability_version')::integer,
      facts->>'connection_id', facts->>'employee_id', facts->>'run_id', facts->>'risk', facts->>'idempotency',
      facts->>'native_key', (facts->>'reserved_on')::date, facts->>'reserved_currency', (facts->>'reserved_amount')::numeric,
      facts->>'owner', clock_timestamp() + make_interval(secs => (facts->>'lease_seconds')::double precision))
    ON CONFLICT DO NOTHING
    RETURNING fence, created_at INTO made;
    IF NOT FOUND THEN RAISE EXCEPTION 'known' USING ERRCODE = 'CL004'; END IF;
    outcome := hub.take_known_shares(org, rate_connections, rates, wanted, rate_mosts, slot_lengths, calls_at_once);
    IF outcome <> 'taken' THEN RAISE EXCEPTION '%', outcome USING ERRCODE = 'CL004'; END IF;
    IF cardinality(kinds) > 0 THEN
      INSERT INTO hub.budget_use AS u (org_id, kind, subject, period, unit, used, most)
      SELECT org, v.kind, v.subject, v.period, v.unit, v.amount, v.most
      FROM unnest(kinds, subjects, periods, units, amounts, mosts) WITH ORDINALITY AS v (kind, subject, period, unit, amount, most, n)
      WHERE v.amount <= v.most
      ORDER BY v.n
      ON CONFLICT (org_id, kind, subject, period, unit)
      DO UPDATE SET used = u.used + excluded.used, most = excluded.most, updated_at = now()
      WHERE u.used + excluded.used <= excluded.most;
      GET DIAGNOSTICS reserved = ROW_COUNT;
      IF reserved < cardinality(kinds) THEN RAISE EXCEPTION 'no_budget' USING ERRCODE = 'CL004'; END IF;
    END IF;
    INSERT INTO hub.receipts (org_id, call_id, created_at, run_id, employee_id, employee_version, initiator_type, initiator_id,
      connection_id, capability, capability_version, digest, parameters_summary, outcome)
    VALUES (org, facts->>'key', made.created_at, facts->>'run_id', facts->>'employee_id', (facts->>'employee_version')::integer,
      facts->>'initiator_type', facts->>'initiator_id', facts->>'connection_id', facts->>'capability',
      (facts->>'capability_version')::integer, facts->>'digest', facts->>'parameters_summary', 'in_flight');
  EXCEPTION WHEN SQLSTATE 'CL004' THEN
    outcome := SQLERRM;
    RETURN;
  END;
  outcome := 'begun';
  fence := made.fence;
  created_at := made.created_at;
END
$$;

-- in_flight or maybe -> succeeded, for whoever holds the fence. False: the entry has moved on, and nothing was changed.
CREATE FUNCTION hub.finish_call(signed text, facts jsonb, said jsonb) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  org constant text := hub.enter_for_call(signed);
BEGIN
  UPDATE hub.call_keys k
  SET state = 'succeeded', result = said, provider_effect_id = facts->>'effect_id', retryable = false, error = NULL,
    settle_after = NULL, updated_at = now()
  WHERE k.org_id = org AND k.call_id = facts->>'key' AND k.fence = (facts->>'fence')::bigint AND k.owner = facts->>'owner'
    AND k.state IN ('in_flight', 'maybe');
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO hub.audit (org_id, actor_type, actor_id, action, object_type, object_id, source, allowed, details)
  VALUES (org, 'agent', facts->>'actor_id', 'call.succeeded', 'call', facts->>'key', facts->>'source', true, facts->'details');
  UPDATE hub.receipts r
  SET outcome = 'succeeded', attempts = r.attempts || (facts->'attempt'), latency_ms = (facts->'attempt'->>'latency_ms')::integer,
    provider_effect_id = coalesce(facts->>'effect_id', r.provider_effect_id), error_code = NULL, updated_at = now()
  WHERE r.org_id = org AND r.call_id = facts->>'key' AND r.created_at = (facts->>'created_at')::timestamptz;
  RETURN true;
END
$$;
--> statement-breakpoint
GRANT CREATE ON SCHEMA hub TO hub_calls;
DO $$
DECLARE
  own regprocedure;
BEGIN
  FOREACH own IN ARRAY ARRAY[
    'hub.enter_for_call(text)',
    'hub.take_known_shares(text, text[], text[], integer[], integer[], integer[], integer)',
    'hub.begin_call(text, jsonb, text[], text[], integer[], integer[], integer[], integer, text[], text[], text[], text[], numeric[], numeric[])',
    'hub.finish_call(text, jsonb, jsonb)'
  ]::regprocedure[] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', own);
    EXECUTE format('ALTER FUNCTION %s OWNER TO hub_calls', own);
  END LOOP;
  -- The other two are theirs.
  GRANT EXECUTE ON FUNCTION
    hub.begin_call(text, jsonb, text[], text[], integer[], integer[], integer[], integer, text[], text[], text[], text[], numeric[], numeric[]),
    hub.finish_call(text, jsonb, jsonb) TO hub_runtime;
END
$$;
REVOKE CREATE ON SCHEMA hub FROM hub_calls;
