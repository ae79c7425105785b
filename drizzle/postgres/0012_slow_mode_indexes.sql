DROP INDEX CONCURRENTLY IF EXISTS "audit_log_target";
--> statement-breakpoint
CREATE INDEX CONCURRENTLY "audit_log_target" ON "audit_log" ("server_id","target_id","created_at","id");
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "server_members_timed_out";
--> statement-breakpoint
CREATE INDEX CONCURRENTLY "server_members_timed_out" ON "server_members" ("timed_out_until") WHERE "server_members"."timed_out_until" is not null
