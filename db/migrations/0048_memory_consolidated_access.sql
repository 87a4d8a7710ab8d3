GRANT UPDATE (consolidated_at) ON core.memory_keys TO core_runtime;
