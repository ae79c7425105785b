CREATE TABLE "accounts" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"account_id" text COLLATE "C" NOT NULL,
	"provider_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"access_token" text COLLATE "C",
	"refresh_token" text COLLATE "C",
	"id_token" text COLLATE "C",
	"access_token_expires_at" bigint,
	"refresh_token_expires_at" bigint,
	"scope" text COLLATE "C",
	"password" text COLLATE "C",
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "accounts_user" ON "accounts" ("user_id");
--> statement-breakpoint
CREATE TABLE "bans" (
	"server_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"reason" text COLLATE "C",
	"created_at" bigint NOT NULL,
	PRIMARY KEY("server_id", "user_id")
);
--> statement-breakpoint
CREATE INDEX "bans_user" ON "bans" ("user_id");
--> statement-breakpoint
CREATE TABLE "blocks" (
	"user_id" text COLLATE "C" NOT NULL,
	"blocked_id" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	PRIMARY KEY("user_id", "blocked_id")
);
--> statement-breakpoint
CREATE INDEX "blocks_blocked" ON "blocks" ("blocked_id");
--> statement-breakpoint
CREATE TABLE "bot_tokens" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"last_used_at" bigint
);
--> statement-breakpoint
CREATE UNIQUE INDEX "bot_tokens_hash_unique" ON "bot_tokens" ("hash");
--> statement-breakpoint
CREATE INDEX "bot_tokens_user" ON "bot_tokens" ("user_id");
--> statement-breakpoint
CREATE TABLE "channels" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"server_id" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"parent_id" text COLLATE "C",
	"seq" bigint DEFAULT 0 NOT NULL,
	"message_count" bigint DEFAULT 0 NOT NULL,
	"created_at" bigint NOT NULL
) with (fillfactor = 50);
--> statement-breakpoint
CREATE INDEX "channels_server" ON "channels" ("server_id","parent_id","created_at","id");
--> statement-breakpoint
CREATE UNIQUE INDEX "channels_parent" ON "channels" ("parent_id") WHERE "channels"."parent_id" is not null;
--> statement-breakpoint
CREATE TABLE "files" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"channel_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"message_id" text COLLATE "C",
	"name" text COLLATE "C" NOT NULL,
	"type" text COLLATE "C" NOT NULL,
	"bytes" bigint NOT NULL,
	"width" bigint,
	"height" bigint,
	"alt" text COLLATE "C" DEFAULT '' NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "files_message" ON "files" ("message_id","created_at");
--> statement-breakpoint
CREATE INDEX "files_user" ON "files" ("user_id");
--> statement-breakpoint
CREATE INDEX "files_channel" ON "files" ("channel_id");
--> statement-breakpoint
CREATE TABLE "incoming_webhooks" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"channel_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "incoming_webhooks_channel" ON "incoming_webhooks" ("channel_id");
--> statement-breakpoint
CREATE INDEX "incoming_webhooks_user" ON "incoming_webhooks" ("user_id");
--> statement-breakpoint
CREATE TABLE "invites" (
	"code" text COLLATE "C" PRIMARY KEY NOT NULL,
	"server_id" text COLLATE "C" NOT NULL,
	"created_by" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"expires_at" bigint,
	"max_uses" bigint,
	"uses" bigint DEFAULT 0 NOT NULL,
	"revoked_at" bigint
);
--> statement-breakpoint
CREATE INDEX "invites_server" ON "invites" ("server_id","created_at");
--> statement-breakpoint
CREATE INDEX "invites_creator" ON "invites" ("created_by");
--> statement-breakpoint
CREATE TABLE "link_previews" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"message_id" text COLLATE "C" NOT NULL,
	"url" text COLLATE "C" NOT NULL,
	"image_key" text COLLATE "C",
	"created_at" bigint NOT NULL,
	"removed_at" bigint
);
--> statement-breakpoint
CREATE UNIQUE INDEX "link_previews_message" ON "link_previews" ("message_id","url");
--> statement-breakpoint
CREATE TABLE "mentions" (
	"message_id" text COLLATE "C" NOT NULL,
	"channel_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"position" bigint NOT NULL,
	PRIMARY KEY("message_id", "user_id")
);
--> statement-breakpoint
CREATE INDEX "mentions_unread" ON "mentions" ("channel_id","user_id","position");
--> statement-breakpoint
CREATE INDEX "mentions_user" ON "mentions" ("user_id","position");
--> statement-breakpoint
CREATE TABLE "message_versions" (
	"message_id" text COLLATE "C" NOT NULL,
	"seq" bigint NOT NULL,
	"content" text COLLATE "C" NOT NULL,
	"written_at" bigint NOT NULL,
	PRIMARY KEY("message_id", "seq")
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"channel_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"content" text COLLATE "C" NOT NULL,
	"position" bigint NOT NULL,
	"seq" bigint NOT NULL,
	"ordinal" bigint DEFAULT 0 NOT NULL,
	"extras" text COLLATE "C",
	"created_at" bigint NOT NULL,
	"edited_at" bigint,
	"deleted_at" bigint,
	CONSTRAINT "messages_seq_after_position" CHECK("messages"."seq" >= "messages"."position")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "messages_position" ON "messages" ("channel_id","position");
--> statement-breakpoint
CREATE UNIQUE INDEX "messages_seq" ON "messages" ("channel_id","seq");
--> statement-breakpoint
CREATE TABLE "outgoing_webhooks" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"channel_id" text COLLATE "C" NOT NULL,
	"created_by" text COLLATE "C" NOT NULL,
	"url" text COLLATE "C" NOT NULL,
	"secret" text COLLATE "C" NOT NULL,
	"delivered_seq" bigint DEFAULT 0 NOT NULL,
	"failures" bigint DEFAULT 0 NOT NULL,
	"next_try_at" bigint,
	"last_status" text COLLATE "C",
	"disabled_at" bigint,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "outgoing_webhooks_channel" ON "outgoing_webhooks" ("channel_id");
--> statement-breakpoint
CREATE INDEX "outgoing_webhooks_creator" ON "outgoing_webhooks" ("created_by");
--> statement-breakpoint
CREATE TABLE "pins" (
	"message_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"channel_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "pins_channel" ON "pins" ("channel_id","created_at");
--> statement-breakpoint
CREATE INDEX "pins_user" ON "pins" ("user_id");
--> statement-breakpoint
CREATE TABLE "poll_votes" (
	"message_id" text COLLATE "C" NOT NULL,
	"answer" bigint NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	PRIMARY KEY("message_id", "answer", "user_id")
);
--> statement-breakpoint
CREATE INDEX "poll_votes_user" ON "poll_votes" ("user_id","message_id");
--> statement-breakpoint
CREATE TABLE "polls" (
	"message_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"closes_at" bigint NOT NULL,
	"closed_at" bigint
);
--> statement-breakpoint
CREATE INDEX "polls_open" ON "polls" ("closes_at") WHERE closed_at is null;
--> statement-breakpoint
CREATE TABLE "reactions" (
	"message_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"emoji" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	PRIMARY KEY("message_id", "emoji", "user_id")
);
--> statement-breakpoint
CREATE INDEX "reactions_user" ON "reactions" ("user_id","created_at");
--> statement-breakpoint
CREATE TABLE "read_positions" (
	"user_id" text COLLATE "C" NOT NULL,
	"channel_id" text COLLATE "C" NOT NULL,
	"position" bigint NOT NULL,
	"ordinal" bigint DEFAULT 0 NOT NULL,
	PRIMARY KEY("user_id", "channel_id")
);
--> statement-breakpoint
CREATE INDEX "read_positions_channel" ON "read_positions" ("channel_id");
--> statement-breakpoint
CREATE TABLE "replies" (
	"message_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"quoted_id" text COLLATE "C" NOT NULL,
	"quoted_user_id" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE INDEX "replies_quoted" ON "replies" ("quoted_id");
--> statement-breakpoint
CREATE INDEX "replies_user" ON "replies" ("quoted_user_id");
--> statement-breakpoint
CREATE TABLE "saved_messages" (
	"user_id" text COLLATE "C" NOT NULL,
	"message_id" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	PRIMARY KEY("user_id", "message_id")
);
--> statement-breakpoint
CREATE INDEX "saved_messages_newest" ON "saved_messages" ("user_id","created_at");
--> statement-breakpoint
CREATE INDEX "saved_messages_message" ON "saved_messages" ("message_id");
--> statement-breakpoint
CREATE TABLE "search_documents" (
	"id" bigint PRIMARY KEY NOT NULL,
	"log" bigint NOT NULL,
	"position" bigint NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "search_documents_place" ON "search_documents" ("log","position");
--> statement-breakpoint
CREATE TABLE "search_logs" (
	"id" bigint PRIMARY KEY NOT NULL,
	"channel_id" text COLLATE "C" NOT NULL,
	"seq" bigint NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "search_logs_channel_id_unique" ON "search_logs" ("channel_id");
--> statement-breakpoint
CREATE TABLE "search_spans" (
	"id" bigint PRIMARY KEY NOT NULL,
	"count" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "server_members" (
	"server_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"joined_at" bigint NOT NULL,
	PRIMARY KEY("server_id", "user_id")
);
--> statement-breakpoint
CREATE INDEX "server_members_user" ON "server_members" ("user_id","server_id");
--> statement-breakpoint
CREATE TABLE "servers" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"owner_id" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" DEFAULT 'server' NOT NULL,
	"pair" text COLLATE "C",
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "servers_pair_unique" ON "servers" ("pair");
--> statement-breakpoint
CREATE INDEX "servers_owner" ON "servers" ("owner_id");
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"token" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"expires_at" bigint NOT NULL,
	"ip_address" text COLLATE "C",
	"user_agent" text COLLATE "C",
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_token_unique" ON "sessions" ("token");
--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" ("user_id");
--> statement-breakpoint
CREATE TABLE "user_settings" (
	"user_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"settings" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"email" text COLLATE "C" NOT NULL,
	"email_verified" bigint DEFAULT 0 NOT NULL,
	"image" text COLLATE "C",
	"username" text COLLATE "C" NOT NULL,
	"display_username" text COLLATE "C",
	"bot_owner_id" text COLLATE "C",
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "users_email_unique" ON "users" ("email");
--> statement-breakpoint
CREATE UNIQUE INDEX "users_username_unique" ON "users" ("username");
--> statement-breakpoint
CREATE TABLE "verifications" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"identifier" text COLLATE "C" NOT NULL,
	"value" text COLLATE "C" NOT NULL,
	"expires_at" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "verifications_identifier" ON "verifications" ("identifier");
--> statement-breakpoint
CREATE TABLE "webhook_avatars" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"channel_id" text COLLATE "C" NOT NULL,
	"url" text COLLATE "C" NOT NULL,
	"image_key" text COLLATE "C",
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_avatars_url" ON "webhook_avatars" ("channel_id","url");
--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "bans" ADD CONSTRAINT "bans_server_id_fk" FOREIGN KEY ("server_id") REFERENCES "servers"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "bans" ADD CONSTRAINT "bans_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "blocks" ADD CONSTRAINT "blocks_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "blocks" ADD CONSTRAINT "blocks_blocked_id_fk" FOREIGN KEY ("blocked_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "bot_tokens" ADD CONSTRAINT "bot_tokens_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "channels" ADD CONSTRAINT "channels_server_id_fk" FOREIGN KEY ("server_id") REFERENCES "servers"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "channels" ADD CONSTRAINT "channels_parent_id_fk" FOREIGN KEY ("parent_id") REFERENCES "messages"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_channel_id_fk" FOREIGN KEY ("channel_id") REFERENCES "channels"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_message_id_fk" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON UPDATE no action ON DELETE set null DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "incoming_webhooks" ADD CONSTRAINT "incoming_webhooks_channel_id_fk" FOREIGN KEY ("channel_id") REFERENCES "channels"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "incoming_webhooks" ADD CONSTRAINT "incoming_webhooks_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "invites" ADD CONSTRAINT "invites_server_id_fk" FOREIGN KEY ("server_id") REFERENCES "servers"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "invites" ADD CONSTRAINT "invites_created_by_fk" FOREIGN KEY ("created_by") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "link_previews" ADD CONSTRAINT "link_previews_message_id_fk" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "mentions" ADD CONSTRAINT "mentions_message_id_fk" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "mentions" ADD CONSTRAINT "mentions_channel_id_fk" FOREIGN KEY ("channel_id") REFERENCES "channels"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "message_versions" ADD CONSTRAINT "message_versions_message_id_fk" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_channel_id_fk" FOREIGN KEY ("channel_id") REFERENCES "channels"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE no action DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "outgoing_webhooks" ADD CONSTRAINT "outgoing_webhooks_channel_id_fk" FOREIGN KEY ("channel_id") REFERENCES "channels"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "outgoing_webhooks" ADD CONSTRAINT "outgoing_webhooks_created_by_fk" FOREIGN KEY ("created_by") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "pins" ADD CONSTRAINT "pins_message_id_fk" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "pins" ADD CONSTRAINT "pins_channel_id_fk" FOREIGN KEY ("channel_id") REFERENCES "channels"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "pins" ADD CONSTRAINT "pins_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "poll_votes" ADD CONSTRAINT "poll_votes_message_id_fk" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "poll_votes" ADD CONSTRAINT "poll_votes_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "polls" ADD CONSTRAINT "polls_message_id_fk" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "reactions" ADD CONSTRAINT "reactions_message_id_fk" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "reactions" ADD CONSTRAINT "reactions_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "read_positions" ADD CONSTRAINT "read_positions_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "read_positions" ADD CONSTRAINT "read_positions_channel_id_fk" FOREIGN KEY ("channel_id") REFERENCES "channels"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "replies" ADD CONSTRAINT "replies_message_id_fk" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "replies" ADD CONSTRAINT "replies_quoted_id_fk" FOREIGN KEY ("quoted_id") REFERENCES "messages"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "replies" ADD CONSTRAINT "replies_quoted_user_id_fk" FOREIGN KEY ("quoted_user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "saved_messages" ADD CONSTRAINT "saved_messages_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "saved_messages" ADD CONSTRAINT "saved_messages_message_id_fk" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "server_members" ADD CONSTRAINT "server_members_server_id_fk" FOREIGN KEY ("server_id") REFERENCES "servers"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "server_members" ADD CONSTRAINT "server_members_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "servers" ADD CONSTRAINT "servers_owner_id_fk" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE no action DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "user_settings" ADD CONSTRAINT "user_settings_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_bot_owner_id_fk" FOREIGN KEY ("bot_owner_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "webhook_avatars" ADD CONSTRAINT "webhook_avatars_channel_id_fk" FOREIGN KEY ("channel_id") REFERENCES "channels"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE
