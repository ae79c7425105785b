CREATE TABLE "access_head" (
	"id" bigint PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "access_log" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"access" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL
)
