-- An account of which a person gave a token besides has a second row, and is one connection all the same.
GRANT SELECT (token_kind) ON hub.connections TO hub_jobs;
-- As its owner, who may create nothing: the right is lent.
GRANT CREATE ON SCHEMA hub TO hub_jobs;
SET LOCAL ROLE hub_jobs;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION hub.figures() RETURNS TABLE (figure text, provider text, kind text, amount bigint, oldest_seconds double precision)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
  WITH counted (figure, provider, kind, amount, oldest) AS (
    SELECT 'outbox', '', o.kind, count(*), min(o.created_at) FROM hub.outbox o WHERE o.sent_at IS NULL GROUP BY o.kind
    UNION ALL
    SELECT 'connections', n.provider, n.status, count(*), NULL FROM hub.connections n
    WHERE n.token_kind = 'bot' GROUP BY n.provider, n.status
    UNION ALL
    SELECT 'receipts', split_part(k.capability, '/', 1), 'unknown', count(*), min(k.updated_at)
    FROM hub.call_keys k WHERE k.state = 'unknown' GROUP BY split_part(k.capability, '/', 1)
    UNION ALL
    SELECT 'unsettled', split_part(k.capability, '/', 1), k.state, count(*), min(k.created_at)
    FROM hub.call_keys k WHERE k.state IN ('in_flight', 'maybe') AND k.deadline < now()
    GROUP BY split_part(k.capability, '/', 1), k.state
    UNION ALL
    SELECT 'limits', n.provider, '', count(*), NULL
    FROM hub.provider_limits l JOIN hub.connections n ON n.org_id = l.org_id AND n.connection_id = l.connection_id
    WHERE l.until > now() GROUP BY n.provider
  )
  SELECT c.figure, c.provider, c.kind, c.amount, coalesce(extract(epoch FROM now() - c.oldest), 0)::double precision
  FROM counted c
$$;
--> statement-breakpoint
RESET ROLE;
REVOKE CREATE ON SCHEMA hub FROM hub_jobs;
