CREATE TABLE "authz"."budgets" (
	"org_id" text NOT NULL,
	"employee_id" text NOT NULL,
	"budget" jsonb NOT NULL,
	"set_by" text NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "budgets_org_id_employee_id_pk" PRIMARY KEY("org_id","employee_id")
);
--> statement-breakpoint
CREATE TABLE "authz"."quotas" (
	"org_id" text NOT NULL,
	"effects_per_day" integer NOT NULL,
	"set_by" text NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "quotas_org_id_pk" PRIMARY KEY("org_id"),
	CONSTRAINT "quotas_effects_per_day" CHECK ("authz"."quotas"."effects_per_day" >= 0)
);
--> statement-breakpoint
CREATE TABLE "hub"."budget_use" (
	"org_id" text NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"period" text NOT NULL,
	"unit" text NOT NULL,
	"used" numeric(24, 6) NOT NULL,
	"most" numeric(24, 6) NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "budget_use_org_id_kind_subject_period_unit_pk" PRIMARY KEY("org_id","kind","subject","period","unit"),
	CONSTRAINT "budget_use_kind" CHECK ("hub"."budget_use"."kind" in ('run', 'employee_day', 'organisation_day')),
	CONSTRAINT "budget_use_within" CHECK ("hub"."budget_use"."used" between 0 and "hub"."budget_use"."most")
);
--> statement-breakpoint
CREATE TABLE "hub"."provider_limits" (
	"org_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"capability" text NOT NULL,
	"until" timestamp (3) with time zone NOT NULL,
	"reason" text NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "provider_limits_org_id_connection_id_capability_pk" PRIMARY KEY("org_id","connection_id","capability")
);
--> statement-breakpoint
ALTER TABLE "hub"."call_keys" ADD COLUMN "reserved_on" date;--> statement-breakpoint
ALTER TABLE "hub"."call_keys" ADD COLUMN "reserved_currency" text;--> statement-breakpoint
ALTER TABLE "hub"."call_keys" ADD COLUMN "reserved_amount" numeric(21, 6);--> statement-breakpoint
ALTER TABLE "hub"."provider_limits" ADD CONSTRAINT "provider_limits_connection" FOREIGN KEY ("org_id","connection_id") REFERENCES "hub"."connections"("org_id","connection_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hub"."call_keys" ADD CONSTRAINT "call_keys_money" CHECK ((reserved_currency is null) = (reserved_amount is null));