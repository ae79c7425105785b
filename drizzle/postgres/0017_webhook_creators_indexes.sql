DROP INDEX CONCURRENTLY IF EXISTS "incoming_webhooks_creator";
--> statement-breakpoint
CREATE INDEX CONCURRENTLY "incoming_webhooks_creator" ON "incoming_webhooks" ("created_by") WHERE "incoming_webhooks"."created_by" is not null
