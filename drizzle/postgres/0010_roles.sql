CREATE TABLE "audit_log" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"server_id" text COLLATE "C" NOT NULL,
	"actor_id" text COLLATE "C" NOT NULL,
	"actor_name" text COLLATE "C" NOT NULL,
	"action" text COLLATE "C" NOT NULL,
	"target_id" text COLLATE "C",
	"target_name" text COLLATE "C",
	"changes" text COLLATE "C" NOT NULL,
	"reason" text COLLATE "C",
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "audit_log_server" ON "audit_log" ("server_id","created_at","id");
--> statement-breakpoint
CREATE INDEX "audit_log_actor" ON "audit_log" ("server_id","actor_id","created_at","id");
--> statement-breakpoint
CREATE INDEX "audit_log_action" ON "audit_log" ("server_id","action","created_at","id");
--> statement-breakpoint
CREATE INDEX "audit_log_created" ON "audit_log" ("created_at");
--> statement-breakpoint
CREATE TABLE "automod_rules" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"server_id" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"trigger" text COLLATE "C" NOT NULL,
	"actions" text COLLATE "C" NOT NULL,
	"exempt_role_ids" text COLLATE "C" NOT NULL,
	"exempt_channel_ids" text COLLATE "C" NOT NULL,
	"is_enabled" bigint DEFAULT 1 NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "automod_rules_server" ON "automod_rules" ("server_id","created_at");
--> statement-breakpoint
CREATE TABLE "categories" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"server_id" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"position" bigint DEFAULT 0 NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "categories_server" ON "categories" ("server_id","position");
--> statement-breakpoint
CREATE TABLE "category_overwrites" (
	"category_id" text COLLATE "C" NOT NULL,
	"target_id" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"allow" bigint DEFAULT 0 NOT NULL,
	"deny" bigint DEFAULT 0 NOT NULL,
	PRIMARY KEY("category_id", "target_id")
);
--> statement-breakpoint
CREATE INDEX "category_overwrites_target" ON "category_overwrites" ("target_id");
--> statement-breakpoint
CREATE TABLE "channel_overwrites" (
	"channel_id" text COLLATE "C" NOT NULL,
	"target_id" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"allow" bigint DEFAULT 0 NOT NULL,
	"deny" bigint DEFAULT 0 NOT NULL,
	PRIMARY KEY("channel_id", "target_id")
);
--> statement-breakpoint
CREATE INDEX "channel_overwrites_target" ON "channel_overwrites" ("target_id");
--> statement-breakpoint
CREATE TABLE "collapsed_categories" (
	"user_id" text COLLATE "C" NOT NULL,
	"category_id" text COLLATE "C" NOT NULL,
	PRIMARY KEY("user_id", "category_id")
);
--> statement-breakpoint
CREATE INDEX "collapsed_categories_category" ON "collapsed_categories" ("category_id");
--> statement-breakpoint
CREATE TABLE "join_settings" (
	"server_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"rules" text COLLATE "C" DEFAULT '' NOT NULL,
	"questions" text COLLATE "C" DEFAULT '[]' NOT NULL,
	"welcome" text COLLATE "C" DEFAULT '' NOT NULL,
	"min_account_minutes" bigint DEFAULT 0 NOT NULL,
	"min_member_minutes" bigint DEFAULT 0 NOT NULL,
	"raid_joins_per_minute" bigint DEFAULT 0 NOT NULL,
	"raid_locked_until" bigint
);
--> statement-breakpoint
CREATE TABLE "member_roles" (
	"server_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"role_id" text COLLATE "C" NOT NULL,
	PRIMARY KEY("server_id", "user_id", "role_id"),
	CONSTRAINT "member_roles_server_id_user_id_fk" FOREIGN KEY ("server_id","user_id") REFERENCES "server_members"("server_id","user_id") ON UPDATE no action ON DELETE cascade DEFERRABLE
);
--> statement-breakpoint
CREATE INDEX "member_roles_role" ON "member_roles" ("role_id","user_id");
--> statement-breakpoint
CREATE TABLE "reports" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"server_id" text COLLATE "C" NOT NULL,
	"reporter_id" text COLLATE "C" NOT NULL,
	"message_id" text COLLATE "C" NOT NULL,
	"channel_id" text COLLATE "C" NOT NULL,
	"author_id" text COLLATE "C" NOT NULL,
	"reason" text COLLATE "C" NOT NULL,
	"snapshot" text COLLATE "C" NOT NULL,
	"status" text COLLATE "C" DEFAULT 'open' NOT NULL,
	"moderator_id" text COLLATE "C",
	"answer" text COLLATE "C",
	"created_at" bigint NOT NULL,
	"closed_at" bigint
);
--> statement-breakpoint
CREATE INDEX "reports_server" ON "reports" ("server_id","status","created_at");
--> statement-breakpoint
CREATE UNIQUE INDEX "reports_once" ON "reports" ("message_id","reporter_id");
--> statement-breakpoint
CREATE INDEX "reports_reporter" ON "reports" ("reporter_id");
--> statement-breakpoint
CREATE TABLE "roles" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"server_id" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"permissions" bigint DEFAULT 0 NOT NULL,
	"color" bigint DEFAULT 0 NOT NULL,
	"hoist" bigint DEFAULT 0 NOT NULL,
	"mentionable" bigint DEFAULT 0 NOT NULL,
	"position" bigint NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "roles_server" ON "roles" ("server_id","position");
--> statement-breakpoint
CREATE TABLE "server_transfers" (
	"server_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"to_user_id" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "server_transfers_user" ON "server_transfers" ("to_user_id");
--> statement-breakpoint
CREATE TABLE "undoable_acts" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"server_id" text COLLATE "C" NOT NULL,
	"actor_id" text COLLATE "C" NOT NULL,
	"action" text COLLATE "C" NOT NULL,
	"data" text COLLATE "C" NOT NULL,
	"expires_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "undoable_acts_server" ON "undoable_acts" ("server_id");
--> statement-breakpoint
CREATE INDEX "undoable_acts_actor" ON "undoable_acts" ("actor_id");
--> statement-breakpoint
CREATE INDEX "undoable_acts_due" ON "undoable_acts" ("expires_at");
--> statement-breakpoint
ALTER TABLE "bans" ADD COLUMN "expires_at" bigint;
--> statement-breakpoint
ALTER TABLE "channels" ADD COLUMN "root_id" text COLLATE "C" CONSTRAINT "channels_root_id_fk" REFERENCES channels(id) ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "channels" ADD COLUMN "category_id" text COLLATE "C" CONSTRAINT "channels_category_id_fk" REFERENCES categories(id) ON DELETE set null DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "channels" ADD COLUMN "position" bigint DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "channels" ADD COLUMN "topic" text COLLATE "C" DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "channels" ADD COLUMN "is_synced" bigint DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "channels" ADD COLUMN "slow_mode_seconds" bigint DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "channels" ADD COLUMN "locked_at" bigint;
--> statement-breakpoint
ALTER TABLE "channels" ADD COLUMN "archived_at" bigint;
--> statement-breakpoint
ALTER TABLE "server_members" ADD COLUMN "permissions" bigint DEFAULT 563259258293313 NOT NULL;
--> statement-breakpoint
ALTER TABLE "server_members" ADD COLUMN "nickname" text COLLATE "C";
--> statement-breakpoint
ALTER TABLE "server_members" ADD COLUMN "timed_out_until" bigint;
--> statement-breakpoint
ALTER TABLE "server_members" ADD COLUMN "accepted_rules_at" bigint;
--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "description" text COLLATE "C" DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "icon_key" text COLLATE "C";
--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "banner_key" text COLLATE "C";
--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "system_channel_id" text COLLATE "C";
--> statement-breakpoint
ALTER TABLE "audit_log" ADD CONSTRAINT "audit_log_server_id_fk" FOREIGN KEY ("server_id") REFERENCES "servers"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "automod_rules" ADD CONSTRAINT "automod_rules_server_id_fk" FOREIGN KEY ("server_id") REFERENCES "servers"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "categories" ADD CONSTRAINT "categories_server_id_fk" FOREIGN KEY ("server_id") REFERENCES "servers"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "category_overwrites" ADD CONSTRAINT "category_overwrites_category_id_fk" FOREIGN KEY ("category_id") REFERENCES "categories"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "channel_overwrites" ADD CONSTRAINT "channel_overwrites_channel_id_fk" FOREIGN KEY ("channel_id") REFERENCES "channels"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "collapsed_categories" ADD CONSTRAINT "collapsed_categories_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "collapsed_categories" ADD CONSTRAINT "collapsed_categories_category_id_fk" FOREIGN KEY ("category_id") REFERENCES "categories"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "join_settings" ADD CONSTRAINT "join_settings_server_id_fk" FOREIGN KEY ("server_id") REFERENCES "servers"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "member_roles" ADD CONSTRAINT "member_roles_role_id_fk" FOREIGN KEY ("role_id") REFERENCES "roles"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "reports" ADD CONSTRAINT "reports_server_id_fk" FOREIGN KEY ("server_id") REFERENCES "servers"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "reports" ADD CONSTRAINT "reports_reporter_id_fk" FOREIGN KEY ("reporter_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "roles" ADD CONSTRAINT "roles_server_id_fk" FOREIGN KEY ("server_id") REFERENCES "servers"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "server_transfers" ADD CONSTRAINT "server_transfers_server_id_fk" FOREIGN KEY ("server_id") REFERENCES "servers"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "server_transfers" ADD CONSTRAINT "server_transfers_to_user_id_fk" FOREIGN KEY ("to_user_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "undoable_acts" ADD CONSTRAINT "undoable_acts_server_id_fk" FOREIGN KEY ("server_id") REFERENCES "servers"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE;
--> statement-breakpoint
ALTER TABLE "undoable_acts" ADD CONSTRAINT "undoable_acts_actor_id_fk" FOREIGN KEY ("actor_id") REFERENCES "users"("id") ON UPDATE no action ON DELETE cascade DEFERRABLE
