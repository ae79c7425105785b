CREATE TABLE "mails" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"sealed" text COLLATE "C" NOT NULL,
	"failures" bigint DEFAULT 0 NOT NULL,
	"due_at" bigint NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "mails_due" ON "mails" ("due_at");
--> statement-breakpoint
ALTER TABLE "instance_settings" ADD COLUMN "sign_up_work" bigint DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "identity_providers" ADD COLUMN "asks_second_factor" bigint DEFAULT 0 NOT NULL
