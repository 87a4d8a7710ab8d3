CREATE TABLE "core"."blobs" (
	"org_id" text NOT NULL,
	"object_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"sha256" text,
	"size" integer NOT NULL,
	"media_type" text NOT NULL,
	"created_by" text NOT NULL,
	"run_id" text,
	"state" text DEFAULT 'pending' NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "blobs_org_id_object_id_pk" PRIMARY KEY("org_id","object_id"),
	CONSTRAINT "blobs_kind" CHECK ("core"."blobs"."kind" in ('payload', 'file')),
	CONSTRAINT "blobs_state" CHECK ("core"."blobs"."state" in ('pending', 'stored', 'doomed')),
	CONSTRAINT "blobs_sha256" CHECK (sha256 ~ '^[0-9a-f]{64}$'),
	CONSTRAINT "blobs_stored_has_sha256" CHECK (state <> 'stored' or sha256 is not null),
	CONSTRAINT "blobs_size" CHECK (size >= 0)
);
--> statement-breakpoint
CREATE TABLE "hub"."custom_provider_versions" (
	"org_id" text NOT NULL,
	"provider" text NOT NULL,
	"version" integer NOT NULL,
	"digest" text NOT NULL,
	"definition" jsonb NOT NULL,
	"imported_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "custom_provider_versions_org_id_provider_version_pk" PRIMARY KEY("org_id","provider","version")
);
--> statement-breakpoint
CREATE TABLE "hub"."custom_providers" (
	"org_id" text NOT NULL,
	"provider" text NOT NULL,
	"kind" text NOT NULL,
	"version" integer NOT NULL,
	"client_secret" text,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"removed_at" timestamp (3) with time zone,
	CONSTRAINT "custom_providers_org_id_provider_pk" PRIMARY KEY("org_id","provider"),
	CONSTRAINT "custom_providers_kind" CHECK ("hub"."custom_providers"."kind" in ('openapi')),
	CONSTRAINT "custom_providers_version" CHECK (version > 0)
);
--> statement-breakpoint
ALTER TABLE "hub"."custom_provider_versions" ADD CONSTRAINT "custom_provider_versions_provider" FOREIGN KEY ("org_id","provider") REFERENCES "hub"."custom_providers"("org_id","provider") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "blobs_one_of_a_content" ON "core"."blobs" USING btree ("org_id","kind","sha256") WHERE state = 'stored';--> statement-breakpoint
CREATE INDEX "blobs_to_expire" ON "core"."blobs" USING btree ("expires_at");