SELECT app.isolate(t) FROM unnest(ARRAY['authz.budgets', 'authz.quotas', 'hub.budget_use', 'hub.provider_limits']::regclass[]) t;
SELECT app.demand_audit(t) FROM unnest(ARRAY['authz.budgets', 'authz.quotas', 'hub.budget_use', 'hub.provider_limits']::regclass[]) t;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON authz.budgets, authz.quotas TO core_runtime;
GRANT SELECT ON authz.budgets, authz.quotas TO hub_runtime;
GRANT SELECT, INSERT, UPDATE ON hub.budget_use, hub.provider_limits TO hub_runtime;
