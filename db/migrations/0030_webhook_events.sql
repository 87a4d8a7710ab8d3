CREATE TABLE "hub"."webhook_events" (
	"org_id" text NOT NULL,
	"event_id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "hub"."webhook_events_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"connection_id" text NOT NULL,
	"provider" text NOT NULL,
	"type" text NOT NULL,
	"external_id" text NOT NULL,
	"fingerprint" text,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"payload" jsonb NOT NULL,
	"text" text,
	"work" text DEFAULT 'forward' NOT NULL,
	"received_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"lease_owner" text,
	"lease_until" timestamp (3) with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"refusals" integer DEFAULT 0 NOT NULL,
	"last_error" text,
	"sent_at" timestamp (3) with time zone,
	"decision" text,
	"parked_at" timestamp (3) with time zone,
	CONSTRAINT "webhook_events_org_id_event_id_pk" PRIMARY KEY("org_id","event_id"),
	CONSTRAINT "webhook_events_external" UNIQUE("org_id","connection_id","external_id"),
	CONSTRAINT "webhook_events_fingerprint" UNIQUE("org_id","connection_id","fingerprint"),
	CONSTRAINT "webhook_events_work" CHECK ("hub"."webhook_events"."work" in ('forward', 'fetch')),
	CONSTRAINT "webhook_events_end" CHECK (sent_at is null or parked_at is null)
);
--> statement-breakpoint
CREATE TABLE "hub"."webhook_subscriptions" (
	"org_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"provider" text NOT NULL,
	"names" text[] DEFAULT '{}'::text[] NOT NULL,
	"cursor" text,
	"since" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"renew_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"ends_at" timestamp (3) with time zone,
	"lease_owner" text,
	"lease_until" timestamp (3) with time zone,
	"last_error" text,
	CONSTRAINT "webhook_subscriptions_org_id_connection_id_pk" PRIMARY KEY("org_id","connection_id")
);
--> statement-breakpoint
ALTER TABLE "hub"."webhook_events" ADD CONSTRAINT "webhook_events_connection" FOREIGN KEY ("org_id","connection_id") REFERENCES "hub"."connections"("org_id","connection_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hub"."webhook_subscriptions" ADD CONSTRAINT "webhook_subscriptions_connection" FOREIGN KEY ("org_id","connection_id") REFERENCES "hub"."connections"("org_id","connection_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "webhook_events_unsent" ON "hub"."webhook_events" USING btree ("org_id","connection_id","position") WHERE sent_at is null and parked_at is null;--> statement-breakpoint
CREATE INDEX "webhook_events_unsent_age" ON "hub"."webhook_events" USING btree ("received_at") WHERE sent_at is null and parked_at is null;--> statement-breakpoint
CREATE INDEX "webhook_events_parked" ON "hub"."webhook_events" USING btree ("parked_at") WHERE parked_at is not null;--> statement-breakpoint
CREATE INDEX "webhook_events_newest" ON "hub"."webhook_events" USING btree ("org_id","received_at","event_id");--> statement-breakpoint
CREATE INDEX "webhook_events_ended" ON "hub"."webhook_events" USING btree (coalesce(sent_at, parked_at)) WHERE coalesce(sent_at, parked_at) is not null;--> statement-breakpoint
CREATE INDEX "webhook_subscriptions_due" ON "hub"."webhook_subscriptions" USING btree ("renew_at");--> statement-breakpoint
CREATE INDEX "webhook_subscriptions_names" ON "hub"."webhook_subscriptions" USING gin ("names");