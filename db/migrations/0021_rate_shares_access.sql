SELECT app.isolate('hub.rate_shares'::regclass);
GRANT SELECT, INSERT, UPDATE, DELETE ON hub.rate_shares TO hub_runtime;
--> statement-breakpoint
-- A rate's window at a moment: twenty slots are its length, the one more is the slot that has begun. A change of the length
-- begins a new window, and so does a clock that was moved far.
CREATE FUNCTION hub.window_at(held hub.rate_shares, slot_length integer, at_ms bigint) RETURNS integer[]
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE
    WHEN held.slot_ms <> slot_length OR abs(m.slots) > 20 THEN array_fill(0, ARRAY[21])
    WHEN m.slots <= 0 THEN held.slots
    ELSE held.slots[m.slots + 1 :] || array_fill(0, ARRAY[m.slots::integer])
  END
  FROM (SELECT at_ms / slot_length - held.last_slot) AS m (slots)
$$;

CREATE FUNCTION hub.units_in(slots integer[]) RETURNS bigint
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$ SELECT sum(n) FROM unnest(slots) n $$;

-- Locks the row of a rate until the end of the transaction; makes one that is new, and clears away some that are over, none
-- of those that its transaction holds too.
CREATE FUNCTION hub.hold_rate(org text, connection text, rate text, slot_length integer, spared text[]) RETURNS hub.rate_shares
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  held hub.rate_shares;
BEGIN
  LOOP
    SELECT * INTO held FROM hub.rate_shares s
    WHERE s.org_id = org AND s.connection_id = connection AND s.key = rate FOR UPDATE;
    IF FOUND THEN RETURN held; END IF;
    DELETE FROM hub.rate_shares s WHERE s.ctid IN (
      SELECT o.ctid FROM hub.rate_shares o
      WHERE o.org_id = org AND o.key <> ALL (spared) AND (o.last_slot + 21) * o.slot_ms < extract(epoch FROM now()) * 1000
        AND greatest(o.queued_until, o.sent_away_until) < now()
      LIMIT 20 FOR UPDATE SKIP LOCKED);
    INSERT INTO hub.rate_shares VALUES (org, connection, rate, slot_length, 0, array_fill(0, ARRAY[21]), 'epoch', 'epoch')
    ON CONFLICT DO NOTHING;
  END LOOP;
END
$$;
--> statement-breakpoint
-- Takes a share of each rate, or of none: 'taken', or 'no_room'. Whoever comes anew comes behind those who wait already.
-- Where calls at once are limited, the last rate is that of the organisation's calls in a minute, longer than any lease: no
-- more can be under way than were begun in it, and only where these are too many is looked ('too_many').
-- Every call passes here, so that what could be functions of their own stands in the loops.
CREATE FUNCTION hub.take_shares(
  org text, connections text[], rates text[], wanted integer[], mosts integer[], slot_lengths integer[], in_turn boolean,
  calls_at_once integer
) RETURNS text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  none CONSTANT integer[] := '{0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0}';
  held hub.rate_shares;
  windows integer[] := '{}';
  newest bigint[] := '{}';
  taken bigint;
  units integer;
  now_slot bigint;
  moved bigint;
BEGIN
  FOR i IN 1 .. cardinality(rates) LOOP
    SELECT * INTO held FROM hub.rate_shares s
    WHERE s.org_id = org AND s.connection_id = connections[i] AND s.key = rates[i] FOR UPDATE;
    IF NOT FOUND THEN held := hub.hold_rate(org, connections[i], rates[i], slot_lengths[i], rates); END IF;
    -- Once the row is ours: whoever waited for it takes no share of the past.
    now_slot := (extract(epoch FROM clock_timestamp()) * 1000)::bigint / slot_lengths[i];
    moved := now_slot - held.last_slot;
    IF held.slot_ms <> slot_lengths[i] OR abs(moved) > 20 THEN held.slots := none;
    ELSIF moved > 0 THEN held.slots := held.slots[moved + 1 :] || none[1 : moved];
    ELSE now_slot := held.last_slot;
    END IF;
    taken := wanted[i];
    FOREACH units IN ARRAY held.slots LOOP taken := taken + units; END LOOP;
    IF taken > mosts[i] OR (held.queued_until > clock_timestamp() AND NOT in_turn) THEN RETURN 'no_room'; END IF;
    held.slots[21] := held.slots[21] + wanted[i];
    windows := windows || held.slots;
    newest := newest || now_slot;
  END LOOP;
  IF taken > calls_at_once AND calls_at_once <
    (SELECT count(*) FROM hub.call_keys k WHERE k.org_id = org AND k.state = 'in_flight' AND k.deadline > clock_timestamp())
  THEN RETURN 'too_many'; END IF;
  FOR i IN 1 .. cardinality(rates) LOOP
    UPDATE hub.rate_shares s
    SET slots = windows[21 * i - 20 : 21 * i], last_slot = newest[i], slot_ms = slot_lengths[i]
    WHERE s.org_id = org AND s.connection_id = connections[i] AND s.key = rates[i];
  END LOOP;
  RETURN 'taken';
END
$$;

-- When there will be room in all of the rates, and in which there is none the longest. Within the patience it is the
-- caller's turn then; beyond it, callers are sent away, each until another moment.
CREATE FUNCTION hub.queue_for_shares(
  org text, connections text[], rates text[], wanted integer[], mosts integer[], slot_lengths integer[], patience_ms integer
) RETURNS TABLE (wait_ms integer, longest integer, is_queued boolean)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  held hub.rate_shares;
  slots integer[];
  now_ms bigint;
  spacing_ms bigint;
  waits bigint[] := '{}';
  ended integer;
BEGIN
  wait_ms := 0;
  longest := 1;
  FOR i IN 1 .. cardinality(rates) LOOP
    held := hub.hold_rate(org, connections[i], rates[i], slot_lengths[i], rates);
    now_ms := extract(epoch FROM clock_timestamp()) * 1000;
    slots := hub.window_at(held, slot_lengths[i], now_ms);
    ended := 0;
    WHILE hub.units_in(slots) + wanted[i] > mosts[i] AND ended <= 20 LOOP
      ended := ended + 1;
      slots := slots[2 :] || 0;
    END LOOP;
    spacing_ms := ceil(wanted[i]::numeric * 20 * slot_lengths[i] / mosts[i]);
    waits[i] := CASE WHEN ended = 0 AND held.queued_until <= clock_timestamp() THEN 0 ELSE greatest(
      1,
      (now_ms / slot_lengths[i] + ended) * slot_lengths[i] - now_ms,
      (extract(epoch FROM held.queued_until) * 1000)::bigint - now_ms + spacing_ms) END;
    IF waits[i] > wait_ms THEN
      wait_ms := waits[i];
      longest := i;
    END IF;
  END LOOP;
  is_queued := wait_ms <= patience_ms;
  IF is_queued THEN
    UPDATE hub.rate_shares s
    SET queued_until = greatest(s.queued_until, clock_timestamp() + make_interval(secs => w.wait_ms / 1000.0))
    FROM unnest(connections, rates, waits) AS w (connection_id, key, wait_ms)
    WHERE s.org_id = org AND s.connection_id = w.connection_id AND s.key = w.key AND w.wait_ms > 0;
  ELSE
    spacing_ms := ceil(wanted[longest]::numeric * 20 * slot_lengths[longest] / mosts[longest]);
    UPDATE hub.rate_shares s
    SET sent_away_until = least(
      greatest(s.sent_away_until + make_interval(secs => spacing_ms / 1000.0),
        clock_timestamp() + make_interval(secs => wait_ms / 1000.0)),
      clock_timestamp() + interval '15 minutes')
    WHERE s.org_id = org AND s.connection_id = connections[longest] AND s.key = rates[longest]
    RETURNING ceil(extract(epoch FROM s.sent_away_until - clock_timestamp()) * 1000) INTO wait_ms;
  END IF;
  RETURN NEXT;
END
$$;
--> statement-breakpoint
DO $$
DECLARE
  own regprocedure;
BEGIN
  FOREACH own IN ARRAY ARRAY[
    'hub.window_at(hub.rate_shares, integer, bigint)', 'hub.units_in(integer[])', 'hub.hold_rate(text, text, text, integer, text[])',
    'hub.take_shares(text, text[], text[], integer[], integer[], integer[], boolean, integer)',
    'hub.queue_for_shares(text, text[], text[], integer[], integer[], integer[], integer)'
  ]::regprocedure[] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', own);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO hub_runtime', own);
  END LOOP;
END
$$;
