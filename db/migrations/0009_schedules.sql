CREATE TABLE "core"."schedule_firings" (
	"org_id" text NOT NULL,
	"schedule_id" uuid NOT NULL,
	"nominal_at" timestamp (3) with time zone NOT NULL,
	"status" text NOT NULL,
	"ordered_by" text,
	"run_id" text,
	"workflow_id" text,
	"temporal_run_id" text,
	"refused_code" text,
	"refused_reason" text,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "schedule_firings_org_id_schedule_id_nominal_at_pk" PRIMARY KEY("org_id","schedule_id","nominal_at"),
	CONSTRAINT "schedule_firings_status" CHECK ("core"."schedule_firings"."status" in ('ordered', 'prepared', 'refused')),
	CONSTRAINT "schedule_firings_prepared" CHECK ((status = 'prepared') = (run_id is not null))
);
--> statement-breakpoint
CREATE TABLE "core"."schedules" (
	"org_id" text NOT NULL,
	"schedule_id" uuid NOT NULL,
	"employee_id" text NOT NULL,
	"owner_user_id" text NOT NULL,
	"source" text NOT NULL,
	"sentence" text,
	"times" jsonb NOT NULL,
	"timezone" text NOT NULL,
	"overlap" text NOT NULL,
	"catch_up_seconds" integer NOT NULL,
	"input" jsonb NOT NULL,
	"note" text,
	"status" text DEFAULT 'active' NOT NULL,
	"status_note" text,
	"revision" integer DEFAULT 1 NOT NULL,
	"synced_revision" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "schedules_org_id_schedule_id_pk" PRIMARY KEY("org_id","schedule_id"),
	CONSTRAINT "schedules_source" CHECK ("core"."schedules"."source" in ('person', 'job_description')),
	CONSTRAINT "schedules_overlap" CHECK ("core"."schedules"."overlap" in ('skip', 'buffer_one', 'buffer_all', 'cancel_other', 'allow_all')),
	CONSTRAINT "schedules_status" CHECK ("core"."schedules"."status" in ('active', 'paused', 'needs_owner', 'retired', 'deleted')),
	CONSTRAINT "schedules_catch_up" CHECK (catch_up_seconds > 0)
);
--> statement-breakpoint
ALTER TABLE "core"."outbox" DROP CONSTRAINT "outbox_kind";--> statement-breakpoint
ALTER TABLE "core"."schedule_firings" ADD CONSTRAINT "schedule_firings_schedule" FOREIGN KEY ("org_id","schedule_id") REFERENCES "core"."schedules"("org_id","schedule_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "core"."schedule_firings" ADD CONSTRAINT "schedule_firings_run" FOREIGN KEY ("org_id","run_id") REFERENCES "core"."runs"("org_id","run_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "core"."schedules" ADD CONSTRAINT "schedules_employee" FOREIGN KEY ("org_id","employee_id") REFERENCES "core"."employees"("org_id","employee_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "schedule_firings_of_run" ON "core"."schedule_firings" USING btree ("org_id","run_id");--> statement-breakpoint
CREATE INDEX "schedules_by_time" ON "core"."schedules" USING btree ("org_id","created_at","schedule_id");--> statement-breakpoint
CREATE INDEX "schedules_of_employee" ON "core"."schedules" USING btree ("org_id","employee_id");--> statement-breakpoint
ALTER TABLE "core"."outbox" ADD CONSTRAINT "outbox_kind" CHECK ("core"."outbox"."kind" in ('start_run', 'note_start', 'signal', 'cancel_run', 'create_employee_client', 'sync_schedule', 'trigger_schedule'));