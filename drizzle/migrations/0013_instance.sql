CREATE TABLE `dismissed_announcements` (
	`user_id` text PRIMARY KEY NOT NULL,
	`announcement_id` text NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `instance_invitations` (
	`id` text PRIMARY KEY NOT NULL,
	`hash` text NOT NULL,
	`note` text DEFAULT '' NOT NULL,
	`created_by_name` text NOT NULL,
	`expires_at` integer,
	`max_uses` integer,
	`uses` integer DEFAULT 0 NOT NULL,
	`revoked_at` integer,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `instance_invitations_hash_unique` ON `instance_invitations` (`hash`);--> statement-breakpoint
CREATE INDEX `instance_invitations_created` ON `instance_invitations` (`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `instance_log` (
	`id` text PRIMARY KEY NOT NULL,
	`actor_id` text,
	`actor_name` text NOT NULL,
	`action` text NOT NULL,
	`target_id` text,
	`target_name` text,
	`changes` text NOT NULL,
	`reason` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `instance_log_created` ON `instance_log` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `instance_log_target` ON `instance_log` (`target_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `instance_settings` (
	`id` integer PRIMARY KEY NOT NULL,
	`name` text DEFAULT 'Covenant Chat' NOT NULL,
	`registration` text NOT NULL,
	`server_creation` text DEFAULT 'everyone' NOT NULL,
	`sign_in_text` text DEFAULT '' NOT NULL,
	`announcement` text DEFAULT '' NOT NULL,
	`announcement_id` text,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `one_time_links` (
	`hash` text PRIMARY KEY NOT NULL,
	`purpose` text NOT NULL,
	`user_id` text,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `one_time_links_user` ON `one_time_links` (`user_id`);--> statement-breakpoint
CREATE INDEX `one_time_links_due` ON `one_time_links` (`expires_at`);--> statement-breakpoint
ALTER TABLE `users` ADD `is_administrator` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `suspended_at` integer;--> statement-breakpoint
ALTER TABLE `users` ADD `suspended_until` integer;--> statement-breakpoint
ALTER TABLE `users` ADD `suspension_reason` text;--> statement-breakpoint
ALTER TABLE `users` ADD `waiting_since` integer;--> statement-breakpoint
ALTER TABLE `users` ADD `application` text;--> statement-breakpoint
CREATE INDEX `users_owner` ON `users` (`bot_owner_id`) WHERE "users"."bot_owner_id" is not null;--> statement-breakpoint
CREATE INDEX `users_administrators` ON `users` (`id`) WHERE is_administrator = 1;--> statement-breakpoint
CREATE INDEX `users_suspended` ON `users` (`suspended_at`) WHERE "users"."suspended_at" is not null;--> statement-breakpoint
CREATE INDEX `users_waiting` ON `users` (`waiting_since`) WHERE "users"."waiting_since" is not null;