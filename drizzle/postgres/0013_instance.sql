CREATE TABLE "dismissed_announcements" (
	"user_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"announcement_id" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "instance_invitations" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	"note" text COLLATE "C" DEFAULT '' NOT NULL,
	"created_by_name" text COLLATE "C" NOT NULL,
	"expires_at" bigint,
	"max_uses" bigint,
	"uses" bigint DEFAULT 0 NOT NULL,
	"revoked_at" bigint,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "instance_invitations_hash_unique" ON "instance_invitations" ("hash");
--> statement-breakpoint
CREATE INDEX "instance_invitations_created" ON "instance_invitations" ("created_at","id");
--> statement-breakpoint
CREATE TABLE "instance_log" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"actor_id" text COLLATE "C",
	"actor_name" text COLLATE "C" NOT NULL,
	"action" text COLLATE "C" NOT NULL,
	"target_id" text COLLATE "C",
	"target_name" text COLLATE "C",
	"changes" text COLLATE "C" NOT NULL,
	"reason" text COLLATE "C",
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "instance_log_created" ON "instance_log" ("created_at","id");
--> statement-breakpoint
CREATE INDEX "instance_log_target" ON "instance_log" ("target_id","created_at","id");
--> statement-breakpoint
CREATE TABLE "instance_settings" (
	"id" bigint PRIMARY KEY NOT NULL,
	"name" text COLLATE "C" DEFAULT 'Covenant Chat' NOT NULL,
	"registration" text COLLATE "C" NOT NULL,
	"server_creation" text COLLATE "C" DEFAULT 'everyone' NOT NULL,
	"sign_in_text" text COLLATE "C" DEFAULT '' NOT NULL,
	"announcement" text COLLATE "C" DEFAULT '' NOT NULL,
	"announcement_id" text COLLATE "C",
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "one_time_links" (
	"hash" text COLLATE "C" PRIMARY KEY NOT NULL,
	"purpose" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C",
	"expires_at" bigint NOT NULL,
	"used_at" bigint,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "one_time_links_user" ON "one_time_links" ("user_id");
--> statement-breakpoint
CREATE INDEX "one_time_links_due" ON "one_time_links" ("expires_at");
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "is_administrator" bigint DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "suspended_at" bigint;
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "suspended_until" bigint;
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "suspension_reason" text COLLATE "C";
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "waiting_since" bigint;
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "application" text COLLATE "C";
--> statement-breakpoint
ALTER TABLE "dismissed_announcements" ADD CONSTRAINT "dismissed_announcements_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "one_time_links" ADD CONSTRAINT "one_time_links_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE
