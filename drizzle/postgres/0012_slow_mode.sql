CREATE TABLE "slow_mode_times" (
	"channel_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"message_at" bigint,
	"thread_at" bigint,
	PRIMARY KEY("channel_id", "user_id")
);
--> statement-breakpoint
CREATE INDEX "slow_mode_times_user" ON "slow_mode_times" ("user_id");
--> statement-breakpoint
ALTER TABLE "slow_mode_times" ADD CONSTRAINT "slow_mode_times_channel_id_fk" FOREIGN KEY ("channel_id") REFERENCES "channels"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "slow_mode_times" ADD CONSTRAINT "slow_mode_times_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE
