ALTER TABLE "authz"."approvals" ADD COLUMN "proposed_parameters" jsonb;--> statement-breakpoint
ALTER TABLE "authz"."approvals" ADD COLUMN "proposed_digest" text;--> statement-breakpoint
ALTER TABLE "authz"."approvals" ADD COLUMN "stands" jsonb;--> statement-breakpoint
ALTER TABLE "authz"."approvals" ADD COLUMN "reminders" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "authz"."approvals" ADD COLUMN "reminded_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "authz"."approvals" ADD CONSTRAINT "approvals_edited_call" CHECK ((proposed_parameters is null) = (proposed_digest is null));