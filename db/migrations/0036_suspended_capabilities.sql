ALTER TABLE "hub"."custom_providers" DROP CONSTRAINT "custom_providers_kind";--> statement-breakpoint
ALTER TABLE "hub"."custom_providers" ADD COLUMN "suspended" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "hub"."custom_providers" ADD CONSTRAINT "custom_providers_kind" CHECK ("hub"."custom_providers"."kind" in ('openapi', 'mcp'));