CREATE TABLE "core"."audit_seals" (
	"org_id" text NOT NULL,
	"block" bigint NOT NULL,
	"from_at" timestamp (3) with time zone,
	"to_at" timestamp (3) with time zone NOT NULL,
	"rows" integer NOT NULL,
	"previous" text NOT NULL,
	"hash" text NOT NULL,
	"sealed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "audit_seals_org_id_block_pk" PRIMARY KEY("org_id","block")
);
--> statement-breakpoint
CREATE TABLE "core"."fact_cursors" (
	"org_id" text NOT NULL,
	"consumer" text NOT NULL,
	"seq" bigint NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"retry_at" timestamp (3) with time zone,
	CONSTRAINT "fact_cursors_org_id_consumer_pk" PRIMARY KEY("org_id","consumer")
);
--> statement-breakpoint
CREATE TABLE "core"."insight_dismissals" (
	"org_id" text NOT NULL,
	"suggestion_id" uuid NOT NULL,
	"suggestion" jsonb NOT NULL,
	"reason" text,
	"dismissed_by" text NOT NULL,
	"dismissed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "insight_dismissals_org_id_suggestion_id_pk" PRIMARY KEY("org_id","suggestion_id")
);
--> statement-breakpoint
CREATE TABLE "hub"."audit_seals" (
	"org_id" text NOT NULL,
	"block" bigint NOT NULL,
	"from_at" timestamp (3) with time zone,
	"to_at" timestamp (3) with time zone NOT NULL,
	"rows" integer NOT NULL,
	"previous" text NOT NULL,
	"hash" text NOT NULL,
	"sealed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "audit_seals_org_id_block_pk" PRIMARY KEY("org_id","block")
);
--> statement-breakpoint
ALTER TABLE "core"."triggers" DROP CONSTRAINT "triggers_source";--> statement-breakpoint
ALTER TABLE "core"."triggers" DROP CONSTRAINT "triggers_decision";--> statement-breakpoint
ALTER TABLE "core"."facts" DROP CONSTRAINT "facts_employee";
--> statement-breakpoint
ALTER TABLE "core"."facts" DROP CONSTRAINT "facts_run";
--> statement-breakpoint
DROP INDEX "core"."facts_by_run";--> statement-breakpoint
ALTER TABLE "core"."facts" ALTER COLUMN "seq" DROP IDENTITY;--> statement-breakpoint
ALTER TABLE "core"."facts" ALTER COLUMN "seq" SET DEFAULT 0;--> statement-breakpoint
ALTER TABLE "core"."facts" ADD COLUMN "schema_version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "core"."triggers" ADD COLUMN "fact_seq" bigint;--> statement-breakpoint
ALTER TABLE "core"."triggers" ADD COLUMN "cause_chain" jsonb;--> statement-breakpoint
ALTER TABLE "core"."triggers" ADD COLUMN "cause_root" uuid;--> statement-breakpoint
CREATE INDEX "facts_by_employee" ON "core"."facts" USING btree ("org_id","employee_id","seq");--> statement-breakpoint
CREATE INDEX "facts_by_kind" ON "core"."facts" USING btree ("org_id","kind","seq");--> statement-breakpoint
CREATE INDEX "triggers_by_cause" ON "core"."triggers" USING btree ("org_id","cause_root") WHERE cause_root is not null;--> statement-breakpoint
CREATE INDEX "facts_by_run" ON "core"."facts" USING btree ("org_id","run_id","seq");--> statement-breakpoint
ALTER TABLE "core"."triggers" ADD CONSTRAINT "triggers_source" CHECK ("core"."triggers"."source" in ('webhook', 'person', 'fact'));--> statement-breakpoint
ALTER TABLE "core"."triggers" ADD CONSTRAINT "triggers_decision" CHECK ("core"."triggers"."decision" in ('started', 'unmatched', 'asked', 'duplicate', 'dismissed', 'refused'));