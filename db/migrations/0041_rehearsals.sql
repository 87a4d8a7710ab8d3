CREATE TABLE "authz"."rehearsals" (
	"org_id" text NOT NULL,
	"run_id" text NOT NULL,
	"connections" jsonb NOT NULL,
	"approvals" jsonb NOT NULL,
	"reads_from" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "rehearsals_org_id_run_id_pk" PRIMARY KEY("org_id","run_id")
);
--> statement-breakpoint
CREATE TABLE "core"."rehearsal_questions" (
	"org_id" text NOT NULL,
	"run_id" text NOT NULL,
	"request_key" text NOT NULL,
	"skill" text NOT NULL,
	"question" text NOT NULL,
	"details" jsonb NOT NULL,
	"approvers" text[] NOT NULL,
	"timeout_seconds" integer NOT NULL,
	"answer" text NOT NULL,
	"asked_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "rehearsal_questions_org_id_run_id_request_key_pk" PRIMARY KEY("org_id","run_id","request_key"),
	CONSTRAINT "rehearsal_questions_answer" CHECK ("core"."rehearsal_questions"."answer" in ('approved', 'rejected'))
);
--> statement-breakpoint
CREATE TABLE "core"."rehearsals" (
	"org_id" text NOT NULL,
	"run_id" text NOT NULL,
	"from_run" text,
	"baseline_run_id" text,
	"requested_by" text NOT NULL,
	"requested_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "rehearsals_org_id_run_id_pk" PRIMARY KEY("org_id","run_id")
);
--> statement-breakpoint
CREATE TABLE "hub"."rehearsal_calls" (
	"org_id" text NOT NULL,
	"call_id" text NOT NULL,
	"run_id" text NOT NULL,
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "hub"."rehearsal_calls_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"capability" text NOT NULL,
	"capability_version" integer NOT NULL,
	"risk" text NOT NULL,
	"connection_id" text NOT NULL,
	"account_name" text,
	"digest" text NOT NULL,
	"parameters" text NOT NULL,
	"answered_by" text NOT NULL,
	"basis" text,
	"result" text,
	"question" jsonb,
	"error_code" text,
	"error_message" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "rehearsal_calls_org_id_call_id_pk" PRIMARY KEY("org_id","call_id"),
	CONSTRAINT "rehearsal_calls_risk" CHECK ("hub"."rehearsal_calls"."risk" in ('read', 'write', 'destructive')),
	CONSTRAINT "rehearsal_calls_answered_by" CHECK ("hub"."rehearsal_calls"."answered_by" in ('provider', 'recorded', 'receipt', 'schema', 'nobody'))
);
--> statement-breakpoint
ALTER TABLE "core"."employees" ADD COLUMN "labels" text[] DEFAULT '{}'::text[] NOT NULL;--> statement-breakpoint
ALTER TABLE "core"."runs" ADD COLUMN "mode" text DEFAULT 'live' NOT NULL;--> statement-breakpoint
ALTER TABLE "hub"."receipts" ADD COLUMN "mode" text DEFAULT 'live' NOT NULL;--> statement-breakpoint
ALTER TABLE "authz"."rehearsals" ADD CONSTRAINT "rehearsals_run" FOREIGN KEY ("org_id","run_id") REFERENCES "authz"."runs"("org_id","run_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "core"."rehearsal_questions" ADD CONSTRAINT "rehearsal_questions_rehearsal" FOREIGN KEY ("org_id","run_id") REFERENCES "core"."rehearsals"("org_id","run_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "core"."rehearsals" ADD CONSTRAINT "rehearsals_run" FOREIGN KEY ("org_id","run_id") REFERENCES "core"."runs"("org_id","run_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "rehearsal_calls_by_run" ON "hub"."rehearsal_calls" USING btree ("org_id","run_id","position");--> statement-breakpoint
ALTER TABLE "core"."runs" ADD CONSTRAINT "runs_mode" CHECK ("core"."runs"."mode" in ('live', 'rehearsal'));--> statement-breakpoint
ALTER TABLE "hub"."receipts" ADD CONSTRAINT "receipts_mode" CHECK (mode in ('live', 'rehearsal'));