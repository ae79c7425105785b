DROP INDEX CONCURRENTLY IF EXISTS "accounts_provider";
--> statement-breakpoint
CREATE UNIQUE INDEX CONCURRENTLY "accounts_provider" ON "accounts" ("provider_id","account_id")
