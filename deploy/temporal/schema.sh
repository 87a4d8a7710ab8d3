#!/bin/sh
# Brings Temporal's two databases to the schema of this server version; may be run again, and is on every start.
# SQL_HOST, SQL_USER, SQL_PASSWORD; SQL_PORT and SCHEMA_DIR where they are not the image's.
set -eu
SCHEMA_DIR="${SCHEMA_DIR:-/etc/temporal/schema/postgresql/v12}"
for database in temporal temporal_visibility; do
  case "$database" in temporal) schema=temporal ;; *) schema=visibility ;; esac
  tool() {
    temporal-sql-tool --plugin postgres12 --ep "$SQL_HOST" --port "${SQL_PORT:-5432}" --user "$SQL_USER" --db "$database" "$@"
  }
  # Refused where the version table is there already: then only the update below has work.
  tool setup-schema --version 0.0 || echo "$database has a schema already"
  tool update-schema --schema-dir "$SCHEMA_DIR/$schema/versioned"
done
