CREATE TABLE "core"."duties" (
	"org_id" text NOT NULL,
	"employee_id" text NOT NULL,
	"node_id" text NOT NULL,
	"title" text NOT NULL,
	"words" "tsvector" NOT NULL,
	CONSTRAINT "duties_org_id_employee_id_node_id_pk" PRIMARY KEY("org_id","employee_id","node_id")
);
--> statement-breakpoint
CREATE TABLE "core"."duty_stems" (
	"org_id" text NOT NULL,
	"stem" text NOT NULL,
	"employee_id" text NOT NULL,
	"node_id" text NOT NULL,
	CONSTRAINT "duty_stems_org_id_stem_employee_id_node_id_pk" PRIMARY KEY("org_id","stem","employee_id","node_id")
);
--> statement-breakpoint
CREATE TABLE "core"."subscriptions" (
	"org_id" text NOT NULL,
	"subscription_id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"employee_id" text NOT NULL,
	"owner_user_id" text NOT NULL,
	"type" text NOT NULL,
	"connection_id" text,
	"filter" jsonb NOT NULL,
	"filter_key" text NOT NULL,
	"entry_skills" jsonb NOT NULL,
	"sentence" text NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"status_note" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "subscriptions_org_id_subscription_id_pk" PRIMARY KEY("org_id","subscription_id"),
	CONSTRAINT "subscriptions_status" CHECK ("core"."subscriptions"."status" in ('active', 'needs_owner', 'ended'))
);
--> statement-breakpoint
CREATE TABLE "core"."supervisor_policies" (
	"org_id" text NOT NULL,
	"subscriptions" text NOT NULL,
	"matching" text NOT NULL,
	"match_webhooks" boolean NOT NULL,
	"set_by" text NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "supervisor_policies_org_id_pk" PRIMARY KEY("org_id"),
	CONSTRAINT "supervisor_policies_subscriptions" CHECK ("core"."supervisor_policies"."subscriptions" in ('one', 'all', 'ask')),
	CONSTRAINT "supervisor_policies_matching" CHECK ("core"."supervisor_policies"."matching" in ('one', 'all', 'ask'))
);
--> statement-breakpoint
CREATE TABLE "core"."trigger_runs" (
	"org_id" text NOT NULL,
	"trigger_id" uuid NOT NULL,
	"employee_id" text NOT NULL,
	"run_id" text NOT NULL,
	"execution_id" uuid NOT NULL,
	"entry_skills" jsonb,
	"subscription_id" uuid,
	CONSTRAINT "trigger_runs_org_id_trigger_id_employee_id_pk" PRIMARY KEY("org_id","trigger_id","employee_id")
);
--> statement-breakpoint
CREATE TABLE "core"."triggers" (
	"org_id" text NOT NULL,
	"trigger_id" uuid NOT NULL,
	"source" text NOT NULL,
	"sent_by" text NOT NULL,
	"digest" text NOT NULL,
	"type" text,
	"provider" text,
	"connection_id" text,
	"external_id" text,
	"occurred_at" timestamp (3) with time zone,
	"text" text,
	"payload" jsonb NOT NULL,
	"decision" text NOT NULL,
	"rule" text NOT NULL,
	"reason" text NOT NULL,
	"candidates" jsonb NOT NULL,
	"answer" jsonb,
	"decided_by" text,
	"decided_at" timestamp (3) with time zone,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "triggers_org_id_trigger_id_pk" PRIMARY KEY("org_id","trigger_id"),
	CONSTRAINT "triggers_source" CHECK ("core"."triggers"."source" in ('webhook', 'person')),
	CONSTRAINT "triggers_decision" CHECK ("core"."triggers"."decision" in ('started', 'unmatched', 'asked', 'duplicate', 'dismissed')),
	CONSTRAINT "triggers_rule" CHECK ("core"."triggers"."rule" in ('target', 'subscription', 'matching', 'person', 'none'))
);
--> statement-breakpoint
ALTER TABLE "core"."duties" ADD CONSTRAINT "duties_employee" FOREIGN KEY ("org_id","employee_id") REFERENCES "core"."employees"("org_id","employee_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "core"."subscriptions" ADD CONSTRAINT "subscriptions_employee" FOREIGN KEY ("org_id","employee_id") REFERENCES "core"."employees"("org_id","employee_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "core"."trigger_runs" ADD CONSTRAINT "trigger_runs_trigger" FOREIGN KEY ("org_id","trigger_id") REFERENCES "core"."triggers"("org_id","trigger_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "core"."trigger_runs" ADD CONSTRAINT "trigger_runs_run" FOREIGN KEY ("org_id","run_id") REFERENCES "core"."runs"("org_id","run_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "duty_stems_of_employee" ON "core"."duty_stems" USING btree ("org_id","employee_id");--> statement-breakpoint
CREATE INDEX "subscriptions_by_event" ON "core"."subscriptions" USING btree ("org_id","type","filter_key") WHERE status <> 'ended';--> statement-breakpoint
CREATE INDEX "subscriptions_of_employee" ON "core"."subscriptions" USING btree ("org_id","employee_id");--> statement-breakpoint
CREATE INDEX "subscriptions_by_time" ON "core"."subscriptions" USING btree ("org_id","created_at","subscription_id");--> statement-breakpoint
CREATE INDEX "trigger_runs_of_run" ON "core"."trigger_runs" USING btree ("org_id","run_id");--> statement-breakpoint
CREATE UNIQUE INDEX "triggers_one_per_event" ON "core"."triggers" USING btree ("org_id","connection_id","type","external_id") WHERE source = 'webhook' and decision <> 'duplicate';--> statement-breakpoint
CREATE INDEX "triggers_by_time" ON "core"."triggers" USING btree ("org_id","at","trigger_id");--> statement-breakpoint
CREATE INDEX "triggers_by_decision" ON "core"."triggers" USING btree ("org_id","decision","at","trigger_id");