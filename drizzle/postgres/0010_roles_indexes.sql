DROP INDEX CONCURRENTLY IF EXISTS "bans_due";
--> statement-breakpoint
CREATE INDEX CONCURRENTLY "bans_due" ON "bans" ("expires_at") WHERE "bans"."expires_at" is not null;
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "channels_root";
--> statement-breakpoint
CREATE INDEX CONCURRENTLY "channels_root" ON "channels" ("root_id") WHERE "channels"."root_id" is not null;
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "channels_category";
--> statement-breakpoint
CREATE INDEX CONCURRENTLY "channels_category" ON "channels" ("category_id")
