SELECT app.isolate(t) FROM unnest(ARRAY[
  'core.triggers', 'core.trigger_runs', 'core.subscriptions', 'core.duties', 'core.duty_stems', 'core.supervisor_policies'
]::regclass[]) t;
SELECT app.demand_audit(t) FROM unnest(ARRAY[
  'core.triggers', 'core.trigger_runs', 'core.subscriptions', 'core.duties', 'core.duty_stems', 'core.supervisor_policies'
]::regclass[]) t;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON core.triggers, core.subscriptions, core.supervisor_policies TO core_runtime;
GRANT SELECT, INSERT ON core.trigger_runs TO core_runtime;
-- Of active employees only: what an employee no longer does is not looked for.
GRANT SELECT, INSERT, DELETE ON core.duties, core.duty_stems TO core_runtime;
