ALTER TABLE "hub"."outbox" DROP CONSTRAINT "outbox_kind";--> statement-breakpoint
ALTER TABLE "hub"."connections" ADD COLUMN "token_kind" text DEFAULT 'bot' NOT NULL;--> statement-breakpoint
ALTER TABLE "hub"."connections" ADD COLUMN "token_refresh_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "hub"."connections" ADD COLUMN "refresh_failures" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "hub"."oauth_states" ADD COLUMN "user_scopes" text[] DEFAULT '{}'::text[] NOT NULL;--> statement-breakpoint
ALTER TABLE "hub"."oauth_states" ADD COLUMN "connection_id" text;--> statement-breakpoint
CREATE INDEX "connections_of_account" ON "hub"."connections" USING btree ("provider","account_id");--> statement-breakpoint
CREATE INDEX "connections_leased" ON "hub"."connections" USING btree ("refresh_until") WHERE refresh_owner is not null;--> statement-breakpoint
CREATE INDEX "connections_failing" ON "hub"."connections" USING btree ("provider") WHERE refresh_failures > 0;--> statement-breakpoint
ALTER TABLE "hub"."connections" ADD CONSTRAINT "connections_token_kind" CHECK ("hub"."connections"."token_kind" in ('bot', 'user'));--> statement-breakpoint
ALTER TABLE "hub"."outbox" ADD CONSTRAINT "outbox_kind" CHECK ("hub"."outbox"."kind" in ('receipt_resolved', 'connection_changed'));