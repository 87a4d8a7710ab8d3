SELECT app.isolate(t) FROM unnest(ARRAY['hub.custom_providers', 'hub.custom_provider_versions']::regclass[]) t;
SELECT app.demand_audit(t) FROM unnest(ARRAY['hub.custom_providers', 'hub.custom_provider_versions']::regclass[]) t;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON hub.custom_providers TO hub_runtime;
-- What was once in force is never rewritten.
GRANT SELECT, INSERT ON hub.custom_provider_versions TO hub_runtime;
