-- The owner is a member of the job roles, since PostgreSQL asks for that when a function is given to a role; a policy for
-- a role holds for its members too. Only a function that runs as the job role itself sees over all organisations.
DO $$
DECLARE
  p record;
BEGIN
  FOR p IN
    SELECT schemaname, tablename, policyname, roles[1] AS role, qual, with_check
    FROM pg_policies
    WHERE policyname LIKE $x$jobs\_%$x$ AND schemaname IN ($x$core$x$, $x$hub$x$, $x$authz$x$) AND qual IS NOT NULL
  LOOP
    EXECUTE format($x$ALTER POLICY %I ON %I.%I USING (current_user = %L AND (%s))$x$, p.policyname, p.schemaname, p.tablename, p.role, p.qual);
  END LOOP;
END
$$;
