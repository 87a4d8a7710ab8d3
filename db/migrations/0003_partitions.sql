DO $$
BEGIN
  FOR remainder IN 0..7 LOOP
    EXECUTE format(
      'CREATE TABLE hub.call_keys_%1$s PARTITION OF hub.call_keys FOR VALUES WITH (MODULUS 8, REMAINDER %1$s)', remainder);
    PERFORM app.isolate(format('hub.call_keys_%s', remainder)::regclass);
  END LOOP;
END
$$;
--> statement-breakpoint
-- Takes what falls outside the months made ahead: nothing is ever refused for want of a partition.
CREATE TABLE hub.receipts_rest PARTITION OF hub.receipts DEFAULT;
SELECT app.isolate('hub.receipts_rest');
--> statement-breakpoint
-- Makes the partitions of this month and the following ones, and says how many were missing. A month of which rows
-- lie in the default partition already stays there. Owned by the tables' owner, since only that one may add partitions.
CREATE FUNCTION hub.make_receipt_partitions(months integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
  first date;
  name text;
  made integer := 0;
BEGIN
  IF months NOT BETWEEN 0 AND 24 THEN
    RAISE EXCEPTION 'months must be from 0 to 24' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('clancy.receipt_partitions', 0));
  FOR ahead IN 0..months LOOP
    first := (date_trunc('month', now()) + make_interval(months => ahead))::date;
    name := 'receipts_' || to_char(first, 'YYYY_MM');
    CONTINUE WHEN to_regclass('hub.' || name) IS NOT NULL;
    BEGIN
      EXECUTE format(
        'CREATE TABLE hub.%I PARTITION OF hub.receipts FOR VALUES FROM (%L) TO (%L)',
        name, first::timestamptz, (first + interval '1 month')::timestamptz);
      PERFORM app.isolate(format('hub.%I', name)::regclass);
      made := made + 1;
    EXCEPTION WHEN check_violation THEN
      CONTINUE;
    END;
  END LOOP;
  RETURN made;
END
$$;
REVOKE ALL ON FUNCTION hub.make_receipt_partitions(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hub.make_receipt_partitions(integer) TO hub_runtime;
