DROP INDEX CONCURRENTLY IF EXISTS "users_owner";
--> statement-breakpoint
CREATE INDEX CONCURRENTLY "users_owner" ON "users" ("bot_owner_id") WHERE "users"."bot_owner_id" is not null;
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "users_administrators";
--> statement-breakpoint
CREATE INDEX CONCURRENTLY "users_administrators" ON "users" ("id") WHERE is_administrator = 1;
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "users_suspended";
--> statement-breakpoint
CREATE INDEX CONCURRENTLY "users_suspended" ON "users" ("suspended_at") WHERE "users"."suspended_at" is not null;
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "users_waiting";
--> statement-breakpoint
CREATE INDEX CONCURRENTLY "users_waiting" ON "users" ("waiting_since") WHERE "users"."waiting_since" is not null
