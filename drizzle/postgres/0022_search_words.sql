ALTER TABLE "search_logs" ADD COLUMN "words_version" bigint DEFAULT 1 NOT NULL;
--> statement-breakpoint
ALTER TABLE "search_logs" ADD COLUMN "next_version" bigint DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "search_logs" ADD COLUMN "renewed_seq" bigint DEFAULT 0 NOT NULL
