ALTER TABLE "core"."decisions" DROP CONSTRAINT "decisions_kind";--> statement-breakpoint
ALTER TABLE "core"."runs" ADD COLUMN "paused_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "core"."decisions" ADD CONSTRAINT "decisions_kind" CHECK ("core"."decisions"."kind" in ('approval', 'receipt_resolved', 'cancel', 'pause', 'resume', 'terminate'));