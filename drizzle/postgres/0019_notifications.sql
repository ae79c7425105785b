CREATE TABLE "feeds" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"channel_id" text COLLATE "C",
	"query" text COLLATE "C",
	"created_at" bigint NOT NULL,
	"last_used_at" bigint
);
--> statement-breakpoint
CREATE UNIQUE INDEX "feeds_hash_unique" ON "feeds" ("hash");
--> statement-breakpoint
CREATE INDEX "feeds_user" ON "feeds" ("user_id");
--> statement-breakpoint
CREATE TABLE "inbox_items" (
	"user_id" text COLLATE "C" NOT NULL,
	"message_id" text COLLATE "C" NOT NULL,
	"channel_id" text COLLATE "C" NOT NULL,
	"position" bigint NOT NULL,
	"reason" text COLLATE "C" NOT NULL,
	"at" bigint NOT NULL,
	"done_at" bigint,
	"note" text COLLATE "C",
	PRIMARY KEY("user_id", "message_id", "reason")
);
--> statement-breakpoint
CREATE INDEX "inbox_items_open" ON "inbox_items" ("user_id","at") WHERE "inbox_items"."done_at" is null;
--> statement-breakpoint
CREATE INDEX "inbox_items_user" ON "inbox_items" ("user_id","at");
--> statement-breakpoint
CREATE INDEX "inbox_items_message" ON "inbox_items" ("message_id");
--> statement-breakpoint
CREATE TABLE "instance_keys" (
	"name" text COLLATE "C" PRIMARY KEY NOT NULL,
	"value" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "keywords" (
	"user_id" text COLLATE "C" NOT NULL,
	"word" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	PRIMARY KEY("user_id", "word")
);
--> statement-breakpoint
CREATE INDEX "keywords_word" ON "keywords" ("word");
--> statement-breakpoint
CREATE TABLE "notification_levels" (
	"user_id" text COLLATE "C" NOT NULL,
	"place_id" text COLLATE "C" NOT NULL,
	"place" text COLLATE "C" NOT NULL,
	"level" text COLLATE "C",
	"muted_until" bigint,
	"is_everyone_suppressed" bigint,
	"are_roles_suppressed" bigint,
	"updated_at" bigint NOT NULL,
	PRIMARY KEY("user_id", "place_id")
);
--> statement-breakpoint
CREATE INDEX "notification_levels_everything" ON "notification_levels" ("place_id") WHERE "notification_levels"."level" = 'everything';
--> statement-breakpoint
CREATE TABLE "notification_settings" (
	"user_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"quiet_from" bigint,
	"quiet_until" bigint,
	"is_text_shown" bigint DEFAULT 1 NOT NULL,
	"mails" text COLLATE "C" DEFAULT 'never' NOT NULL,
	"last_mailed_at" bigint,
	"unsubscribe_hash" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "notified_logs" (
	"channel_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "push_deliveries" (
	"subscription_id" text COLLATE "C" NOT NULL,
	"message_id" text COLLATE "C" NOT NULL,
	"channel_id" text COLLATE "C" NOT NULL,
	"position" bigint NOT NULL,
	"reason" text COLLATE "C" NOT NULL,
	"due_at" bigint,
	"sent_at" bigint,
	"failures" bigint DEFAULT 0 NOT NULL,
	"created_at" bigint NOT NULL,
	PRIMARY KEY("subscription_id", "message_id")
);
--> statement-breakpoint
CREATE INDEX "push_deliveries_due" ON "push_deliveries" ("due_at") WHERE "push_deliveries"."due_at" is not null;
--> statement-breakpoint
CREATE INDEX "push_deliveries_created" ON "push_deliveries" ("created_at");
--> statement-breakpoint
CREATE TABLE "push_subscriptions" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"session_id" text COLLATE "C",
	"endpoint" text COLLATE "C" NOT NULL,
	"p256dh" text COLLATE "C" NOT NULL,
	"auth" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"last_sent_at" bigint,
	"last_status" text COLLATE "C"
);
--> statement-breakpoint
CREATE UNIQUE INDEX "push_subscriptions_endpoint_unique" ON "push_subscriptions" ("endpoint");
--> statement-breakpoint
CREATE INDEX "push_subscriptions_user" ON "push_subscriptions" ("user_id");
--> statement-breakpoint
CREATE TABLE "reminders" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"message_id" text COLLATE "C" NOT NULL,
	"channel_id" text COLLATE "C" NOT NULL,
	"due_at" bigint NOT NULL,
	"note" text COLLATE "C" DEFAULT '' NOT NULL,
	"fired_at" bigint,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "reminders_due" ON "reminders" ("due_at") WHERE "reminders"."fired_at" is null;
--> statement-breakpoint
CREATE INDEX "reminders_user" ON "reminders" ("user_id","due_at");
--> statement-breakpoint
CREATE TABLE "scheduled_messages" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"channel_id" text COLLATE "C" NOT NULL,
	"content" text COLLATE "C" NOT NULL,
	"quoted_id" text COLLATE "C",
	"due_at" bigint NOT NULL,
	"sent_at" bigint,
	"failure" text COLLATE "C",
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "scheduled_messages_due" ON "scheduled_messages" ("due_at") WHERE "scheduled_messages"."sent_at" is null and "scheduled_messages"."failure" is null;
--> statement-breakpoint
CREATE INDEX "scheduled_messages_user" ON "scheduled_messages" ("user_id","due_at");
--> statement-breakpoint
CREATE TABLE "thread_follows" (
	"user_id" text COLLATE "C" NOT NULL,
	"channel_id" text COLLATE "C" NOT NULL,
	"is_followed" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	PRIMARY KEY("user_id", "channel_id")
);
--> statement-breakpoint
CREATE INDEX "thread_follows_channel" ON "thread_follows" ("channel_id") WHERE "thread_follows"."is_followed" = 1;
--> statement-breakpoint
ALTER TABLE "feeds" ADD CONSTRAINT "feeds_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "inbox_items" ADD CONSTRAINT "inbox_items_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "keywords" ADD CONSTRAINT "keywords_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "notification_levels" ADD CONSTRAINT "notification_levels_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "notification_settings" ADD CONSTRAINT "notification_settings_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "push_deliveries" ADD CONSTRAINT "push_deliveries_subscription_id_fk" FOREIGN KEY ("subscription_id") REFERENCES "push_subscriptions"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "push_subscriptions" ADD CONSTRAINT "push_subscriptions_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "reminders" ADD CONSTRAINT "reminders_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "scheduled_messages" ADD CONSTRAINT "scheduled_messages_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "thread_follows" ADD CONSTRAINT "thread_follows_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE
