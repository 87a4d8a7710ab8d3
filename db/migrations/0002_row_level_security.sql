SELECT app.isolate(c.oid::regclass)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id'
WHERE n.nspname IN ('core', 'hub', 'authz') AND c.relkind IN ('r', 'p');
--> statement-breakpoint
GRANT USAGE ON SCHEMA core, authz TO core_runtime;
GRANT USAGE ON SCHEMA hub, authz TO hub_runtime;
--> statement-breakpoint
-- Rights are given table by table: what may not change has no UPDATE, what must stay has no DELETE.
GRANT SELECT, INSERT ON
  core.audit, core.facts, core.decisions, core.employee_versions, authz.policies TO core_runtime;
GRANT SELECT, INSERT, UPDATE ON
  core.employees, core.runs, core.data_keys,
  authz.memberships, authz.grants, authz.runs, authz.approvals TO core_runtime;
GRANT SELECT, INSERT, UPDATE, DELETE ON core.outbox, core.idempotency_keys TO core_runtime;
--> statement-breakpoint
GRANT SELECT ON
  authz.memberships, authz.grants, authz.policies, authz.runs, authz.approvals TO hub_runtime;
GRANT SELECT, INSERT ON hub.audit, hub.approval_uses TO hub_runtime;
GRANT SELECT, INSERT, UPDATE ON hub.connections, hub.call_keys, hub.receipts, hub.data_keys TO hub_runtime;
GRANT SELECT, INSERT, UPDATE, DELETE ON hub.outbox, hub.oauth_states TO hub_runtime;
--> statement-breakpoint
-- Not in the schema files: the two tables refer to each other.
ALTER TABLE core.employees ADD CONSTRAINT employees_active_version
  FOREIGN KEY (org_id, employee_id, active_version)
  REFERENCES core.employee_versions (org_id, employee_id, version);
