ALTER TABLE "join_settings" ADD COLUMN "default_channel_ids" text COLLATE "C" DEFAULT '[]' NOT NULL
