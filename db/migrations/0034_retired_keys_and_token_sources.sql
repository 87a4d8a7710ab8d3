ALTER TABLE "hub"."connections" DROP CONSTRAINT "connections_active_has_token";--> statement-breakpoint
ALTER TABLE "core"."data_keys" ADD COLUMN "retired_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "hub"."connections" ADD COLUMN "token_source" text DEFAULT 'provider' NOT NULL;--> statement-breakpoint
ALTER TABLE "hub"."connections" ADD COLUMN "auth0_connection" text;--> statement-breakpoint
ALTER TABLE "hub"."data_keys" ADD COLUMN "retired_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "hub"."connections" ADD CONSTRAINT "connections_token_source" CHECK ("hub"."connections"."token_source" in ('provider', 'auth0'));--> statement-breakpoint
ALTER TABLE "hub"."connections" ADD CONSTRAINT "connections_of_auth0" CHECK (token_source = 'provider' or (access_token is null and auth0_connection is not null and (status <> 'active' or refresh_token is not null)));--> statement-breakpoint
ALTER TABLE "hub"."connections" ADD CONSTRAINT "connections_active_has_token" CHECK (status <> 'active' or access_token is not null or token_source = 'auth0');