-- Which history the numbers of the logs belong to, see src/db/postgres/history.ts
CREATE TABLE "history" (
	"only" boolean PRIMARY KEY NOT NULL DEFAULT true CHECK ("only"),
	"id" text COLLATE "C"
);
--> statement-breakpoint
INSERT INTO "history" ("id") VALUES (NULL)
