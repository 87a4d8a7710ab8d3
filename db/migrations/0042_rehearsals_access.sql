SELECT app.isolate(t) FROM unnest(ARRAY[
  'authz.rehearsals', 'core.rehearsals', 'core.rehearsal_questions', 'hub.rehearsal_calls'
]::regclass[]) t;
SELECT app.demand_audit(t) FROM unnest(ARRAY[
  'authz.rehearsals', 'core.rehearsals', 'core.rehearsal_questions', 'hub.rehearsal_calls'
]::regclass[]) t;
-- Written once, with its run; what came of it never changes either.
GRANT SELECT, INSERT ON authz.rehearsals, core.rehearsals, core.rehearsal_questions TO core_runtime;
GRANT SELECT ON authz.rehearsals TO hub_runtime;
GRANT SELECT, INSERT ON hub.rehearsal_calls TO hub_runtime;
-- What is sealed in them is sealed anew when a key is changed.
GRANT UPDATE (parameters, result) ON hub.rehearsal_calls TO hub_runtime;
