CREATE TABLE `audit_log` (
	`id` text PRIMARY KEY NOT NULL,
	`server_id` text NOT NULL,
	`actor_id` text NOT NULL,
	`actor_name` text NOT NULL,
	`action` text NOT NULL,
	`target_id` text,
	`target_name` text,
	`changes` text NOT NULL,
	`reason` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`server_id`) REFERENCES `servers`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `audit_log_server` ON `audit_log` (`server_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_log_actor` ON `audit_log` (`server_id`,`actor_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_log_action` ON `audit_log` (`server_id`,`action`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_log_created` ON `audit_log` (`created_at`);--> statement-breakpoint
CREATE TABLE `automod_rules` (
	`id` text PRIMARY KEY NOT NULL,
	`server_id` text NOT NULL,
	`name` text NOT NULL,
	`trigger` text NOT NULL,
	`actions` text NOT NULL,
	`exempt_role_ids` text NOT NULL,
	`exempt_channel_ids` text NOT NULL,
	`is_enabled` integer DEFAULT true NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`server_id`) REFERENCES `servers`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `automod_rules_server` ON `automod_rules` (`server_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `categories` (
	`id` text PRIMARY KEY NOT NULL,
	`server_id` text NOT NULL,
	`name` text NOT NULL,
	`position` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`server_id`) REFERENCES `servers`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `categories_server` ON `categories` (`server_id`,`position`);--> statement-breakpoint
CREATE TABLE `category_overwrites` (
	`category_id` text NOT NULL,
	`target_id` text NOT NULL,
	`kind` text NOT NULL,
	`allow` integer DEFAULT 0 NOT NULL,
	`deny` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`category_id`, `target_id`),
	FOREIGN KEY (`category_id`) REFERENCES `categories`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `category_overwrites_target` ON `category_overwrites` (`target_id`);--> statement-breakpoint
CREATE TABLE `channel_overwrites` (
	`channel_id` text NOT NULL,
	`target_id` text NOT NULL,
	`kind` text NOT NULL,
	`allow` integer DEFAULT 0 NOT NULL,
	`deny` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`channel_id`, `target_id`),
	FOREIGN KEY (`channel_id`) REFERENCES `channels`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `channel_overwrites_target` ON `channel_overwrites` (`target_id`);--> statement-breakpoint
CREATE TABLE `collapsed_categories` (
	`user_id` text NOT NULL,
	`category_id` text NOT NULL,
	PRIMARY KEY(`user_id`, `category_id`),
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`category_id`) REFERENCES `categories`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `collapsed_categories_category` ON `collapsed_categories` (`category_id`);--> statement-breakpoint
CREATE TABLE `join_settings` (
	`server_id` text PRIMARY KEY NOT NULL,
	`rules` text DEFAULT '' NOT NULL,
	`questions` text DEFAULT '[]' NOT NULL,
	`welcome` text DEFAULT '' NOT NULL,
	`min_account_minutes` integer DEFAULT 0 NOT NULL,
	`min_member_minutes` integer DEFAULT 0 NOT NULL,
	`raid_joins_per_minute` integer DEFAULT 0 NOT NULL,
	`raid_locked_until` integer,
	FOREIGN KEY (`server_id`) REFERENCES `servers`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `member_roles` (
	`server_id` text NOT NULL,
	`user_id` text NOT NULL,
	`role_id` text NOT NULL,
	PRIMARY KEY(`server_id`, `user_id`, `role_id`),
	FOREIGN KEY (`role_id`) REFERENCES `roles`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`server_id`,`user_id`) REFERENCES `server_members`(`server_id`,`user_id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `member_roles_role` ON `member_roles` (`role_id`,`user_id`);--> statement-breakpoint
CREATE TABLE `reports` (
	`id` text PRIMARY KEY NOT NULL,
	`server_id` text NOT NULL,
	`reporter_id` text NOT NULL,
	`message_id` text NOT NULL,
	`channel_id` text NOT NULL,
	`author_id` text NOT NULL,
	`reason` text NOT NULL,
	`snapshot` text NOT NULL,
	`status` text DEFAULT 'open' NOT NULL,
	`moderator_id` text,
	`answer` text,
	`created_at` integer NOT NULL,
	`closed_at` integer,
	FOREIGN KEY (`server_id`) REFERENCES `servers`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`reporter_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `reports_server` ON `reports` (`server_id`,`status`,`created_at`);--> statement-breakpoint
CREATE UNIQUE INDEX `reports_once` ON `reports` (`message_id`,`reporter_id`);--> statement-breakpoint
CREATE INDEX `reports_reporter` ON `reports` (`reporter_id`);--> statement-breakpoint
CREATE TABLE `roles` (
	`id` text PRIMARY KEY NOT NULL,
	`server_id` text NOT NULL,
	`name` text NOT NULL,
	`permissions` integer DEFAULT 0 NOT NULL,
	`color` integer DEFAULT 0 NOT NULL,
	`hoist` integer DEFAULT false NOT NULL,
	`mentionable` integer DEFAULT false NOT NULL,
	`position` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`server_id`) REFERENCES `servers`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `roles_server` ON `roles` (`server_id`,`position`);--> statement-breakpoint
CREATE TABLE `server_transfers` (
	`server_id` text PRIMARY KEY NOT NULL,
	`to_user_id` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`server_id`) REFERENCES `servers`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`to_user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `server_transfers_user` ON `server_transfers` (`to_user_id`);--> statement-breakpoint
CREATE TABLE `undoable_acts` (
	`id` text PRIMARY KEY NOT NULL,
	`server_id` text NOT NULL,
	`actor_id` text NOT NULL,
	`action` text NOT NULL,
	`data` text NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`server_id`) REFERENCES `servers`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`actor_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `undoable_acts_server` ON `undoable_acts` (`server_id`);--> statement-breakpoint
CREATE INDEX `undoable_acts_actor` ON `undoable_acts` (`actor_id`);--> statement-breakpoint
CREATE INDEX `undoable_acts_due` ON `undoable_acts` (`expires_at`);--> statement-breakpoint
ALTER TABLE `bans` ADD `expires_at` integer;--> statement-breakpoint
CREATE INDEX `bans_due` ON `bans` (`expires_at`) WHERE "bans"."expires_at" is not null;--> statement-breakpoint
ALTER TABLE `channels` ADD `root_id` text REFERENCES channels(id) ON DELETE cascade;--> statement-breakpoint
ALTER TABLE `channels` ADD `category_id` text REFERENCES categories(id) ON DELETE set null;--> statement-breakpoint
ALTER TABLE `channels` ADD `position` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `channels` ADD `topic` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `channels` ADD `is_synced` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `channels` ADD `slow_mode_seconds` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `channels` ADD `locked_at` integer;--> statement-breakpoint
ALTER TABLE `channels` ADD `archived_at` integer;--> statement-breakpoint
CREATE INDEX `channels_root` ON `channels` (`root_id`) WHERE "channels"."root_id" is not null;--> statement-breakpoint
CREATE INDEX `channels_category` ON `channels` (`category_id`);--> statement-breakpoint
ALTER TABLE `server_members` ADD `permissions` integer DEFAULT 563259258293313 NOT NULL;--> statement-breakpoint
ALTER TABLE `server_members` ADD `nickname` text;--> statement-breakpoint
ALTER TABLE `server_members` ADD `timed_out_until` integer;--> statement-breakpoint
ALTER TABLE `server_members` ADD `accepted_rules_at` integer;--> statement-breakpoint
ALTER TABLE `servers` ADD `description` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `servers` ADD `icon_key` text;--> statement-breakpoint
ALTER TABLE `servers` ADD `banner_key` text;--> statement-breakpoint
ALTER TABLE `servers` ADD `system_channel_id` text;
