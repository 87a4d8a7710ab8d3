CREATE TABLE "hub"."rate_shares" (
	"org_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"key" text NOT NULL,
	"slot_ms" integer NOT NULL,
	"last_slot" bigint NOT NULL,
	"slots" integer[] NOT NULL,
	"queued_until" timestamp (3) with time zone NOT NULL,
	"sent_away_until" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "rate_shares_org_id_connection_id_key_pk" PRIMARY KEY("org_id","connection_id","key")
);
--> statement-breakpoint
ALTER TABLE "authz"."quotas" ADD COLUMN "calls_per_minute" integer DEFAULT 30000 NOT NULL;--> statement-breakpoint
ALTER TABLE "authz"."quotas" ADD COLUMN "calls_at_once" integer DEFAULT 500 NOT NULL;--> statement-breakpoint
CREATE INDEX "call_keys_in_flight" ON "hub"."call_keys" USING btree ("org_id","deadline") WHERE state = 'in_flight';--> statement-breakpoint
ALTER TABLE "authz"."quotas" ADD CONSTRAINT "quotas_calls" CHECK ("authz"."quotas"."calls_per_minute" >= 1 and "authz"."quotas"."calls_at_once" >= 1);