SELECT app.isolate(t) FROM unnest(ARRAY['core.schedules', 'core.schedule_firings']::regclass[]) t;
SELECT app.demand_audit(t) FROM unnest(ARRAY['core.schedules', 'core.schedule_firings']::regclass[]) t;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON core.schedules, core.schedule_firings TO core_runtime;
