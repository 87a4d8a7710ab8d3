CREATE TABLE "core"."memory_entries" (
	"org_id" text NOT NULL,
	"memory_id" uuid NOT NULL,
	"key_id" uuid NOT NULL,
	"scope" text NOT NULL,
	"owner" text NOT NULL,
	"skill" text NOT NULL,
	"kind" text NOT NULL,
	"key_hash" text NOT NULL,
	"value_hash" text NOT NULL,
	"stems" bigint[] NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"confidence" double precision NOT NULL,
	"writer" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"confirmed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"used_at" timestamp (3) with time zone,
	"faded_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone,
	CONSTRAINT "memory_entries_org_id_memory_id_pk" PRIMARY KEY("org_id","memory_id"),
	CONSTRAINT "memory_entries_key" UNIQUE("org_id","key_hash","owner","skill"),
	CONSTRAINT "memory_entries_scope" CHECK ("core"."memory_entries"."scope" in ('organisation', 'employee', 'skill')),
	CONSTRAINT "memory_entries_kind" CHECK ("core"."memory_entries"."kind" in ('fact', 'preference', 'contact', 'event', 'state')),
	CONSTRAINT "memory_entries_writer" CHECK ("core"."memory_entries"."writer" in ('person', 'run')),
	CONSTRAINT "memory_entries_confidence" CHECK (confidence between 0 and 1),
	CONSTRAINT "memory_entries_whose" CHECK ((scope = 'organisation') = (owner = '') and (scope = 'skill') = (skill <> ''))
);
--> statement-breakpoint
CREATE TABLE "core"."memory_keys" (
	"org_id" text NOT NULL,
	"key_id" uuid NOT NULL,
	"sealed" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "memory_keys_org_id_pk" PRIMARY KEY("org_id")
);
--> statement-breakpoint
CREATE TABLE "core"."memory_stems" (
	"org_id" text NOT NULL,
	"owner" text NOT NULL,
	"stem" bigint NOT NULL,
	"memory_id" uuid NOT NULL,
	CONSTRAINT "memory_stems_org_id_stem_owner_memory_id_pk" PRIMARY KEY("org_id","stem","owner","memory_id")
);
--> statement-breakpoint
CREATE TABLE "core"."memory_versions" (
	"org_id" text NOT NULL,
	"version_id" uuid NOT NULL,
	"memory_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"kind" text NOT NULL,
	"content" text NOT NULL,
	"confidence" double precision NOT NULL,
	"writer" text NOT NULL,
	"written_by" text NOT NULL,
	"skill_run" text,
	"path" text,
	"written_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "memory_versions_org_id_version_id_pk" PRIMARY KEY("org_id","version_id"),
	CONSTRAINT "memory_versions_number" UNIQUE("org_id","memory_id","version"),
	CONSTRAINT "memory_versions_kind" CHECK ("core"."memory_versions"."kind" in ('fact', 'preference', 'contact', 'event', 'state')),
	CONSTRAINT "memory_versions_writer" CHECK ("core"."memory_versions"."writer" in ('person', 'run'))
);
--> statement-breakpoint
ALTER TABLE "core"."runs" ADD COLUMN "memory" text;--> statement-breakpoint
ALTER TABLE "core"."runs" ADD COLUMN "memory_used" jsonb;--> statement-breakpoint
ALTER TABLE "core"."runs" ADD COLUMN "memory_written" jsonb;--> statement-breakpoint
ALTER TABLE "core"."memory_versions" ADD CONSTRAINT "memory_versions_entry" FOREIGN KEY ("org_id","memory_id") REFERENCES "core"."memory_entries"("org_id","memory_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "memory_entries_by_owner" ON "core"."memory_entries" USING btree ("org_id","owner","skill","updated_at");--> statement-breakpoint
CREATE INDEX "memory_entries_by_time" ON "core"."memory_entries" USING btree ("org_id","updated_at","memory_id");--> statement-breakpoint
CREATE INDEX "memory_entries_expiring" ON "core"."memory_entries" USING btree ("org_id","expires_at") WHERE expires_at is not null;