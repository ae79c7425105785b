CREATE TABLE `account_deletions` (
	`user_id` text PRIMARY KEY NOT NULL,
	`messages` text NOT NULL,
	`due_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `account_deletions_due` ON `account_deletions` (`due_at`);--> statement-breakpoint
CREATE TABLE `data_exports` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`server_id` text,
	`state` text DEFAULT 'waiting' NOT NULL,
	`key` text,
	`bytes` integer,
	`failure` text,
	`started_at` integer,
	`finished_at` integer,
	`expires_at` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `data_exports_user` ON `data_exports` (`user_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `data_exports_state` ON `data_exports` (`state`,`created_at`);--> statement-breakpoint
CREATE INDEX `data_exports_due` ON `data_exports` (`expires_at`) WHERE "data_exports"."expires_at" is not null;--> statement-breakpoint
CREATE TABLE `email_addresses` (
	`user_id` text PRIMARY KEY NOT NULL,
	`address` text NOT NULL,
	`verified_at` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `email_addresses_verified` ON `email_addresses` (`address`) WHERE "email_addresses"."verified_at" is not null;--> statement-breakpoint
CREATE TABLE `identity_providers` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`issuer` text NOT NULL,
	`client_id` text NOT NULL,
	`client_secret` text NOT NULL,
	`scopes` text DEFAULT 'openid profile email' NOT NULL,
	`groups_claim` text DEFAULT '' NOT NULL,
	`group_roles` text NOT NULL,
	`domains` text NOT NULL,
	`is_enabled` integer DEFAULT true NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `passkeys` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`name` text NOT NULL,
	`credential_id` text NOT NULL,
	`public_key` text NOT NULL,
	`counter` integer DEFAULT 0 NOT NULL,
	`transports` text NOT NULL,
	`device_type` text NOT NULL,
	`is_backed_up` integer DEFAULT false NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `passkeys_credential_id_unique` ON `passkeys` (`credential_id`);--> statement-breakpoint
CREATE INDEX `passkeys_user` ON `passkeys` (`user_id`);--> statement-breakpoint
CREATE TABLE `profiles` (
	`user_id` text PRIMARY KEY NOT NULL,
	`bio` text DEFAULT '' NOT NULL,
	`pronouns` text DEFAULT '' NOT NULL,
	`status_text` text DEFAULT '' NOT NULL,
	`status_emoji` text DEFAULT '' NOT NULL,
	`status_expires_at` integer,
	`avatar_keys` text,
	`is_avatar_animated` integer DEFAULT false NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `recovery_codes` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`purpose` text NOT NULL,
	`hash` text NOT NULL,
	`used_at` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `recovery_codes_user` ON `recovery_codes` (`user_id`,`purpose`);--> statement-breakpoint
CREATE TABLE `sign_in_steps` (
	`hash` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`user_id` text,
	`data` text NOT NULL,
	`failures` integer DEFAULT 0 NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `sign_in_steps_user` ON `sign_in_steps` (`user_id`);--> statement-breakpoint
CREATE INDEX `sign_in_steps_due` ON `sign_in_steps` (`expires_at`);--> statement-breakpoint
CREATE TABLE `totp_secrets` (
	`user_id` text PRIMARY KEY NOT NULL,
	`secret` text NOT NULL,
	`confirmed_at` integer,
	`last_step` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `trusted_devices` (
	`hash` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`user_agent` text DEFAULT '' NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `trusted_devices_user` ON `trusted_devices` (`user_id`);--> statement-breakpoint
CREATE INDEX `trusted_devices_due` ON `trusted_devices` (`expires_at`);--> statement-breakpoint
CREATE TABLE `user_notes` (
	`user_id` text NOT NULL,
	`about_id` text NOT NULL,
	`text` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`user_id`, `about_id`),
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`about_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `user_notes_about` ON `user_notes` (`about_id`);--> statement-breakpoint
ALTER TABLE `channels` ADD `retention_days` integer;--> statement-breakpoint
ALTER TABLE `channels` ADD `file_retention_days` integer;--> statement-breakpoint
ALTER TABLE `instance_settings` ADD `icon_key` text;--> statement-breakpoint
ALTER TABLE `instance_settings` ADD `accent` text;--> statement-breakpoint
ALTER TABLE `instance_settings` ADD `terms_url` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `instance_settings` ADD `privacy_url` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `instance_settings` ADD `needs_second_factor` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `instance_settings` ADD `allows_passwords` integer DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE `instance_settings` ADD `sign_up_question` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `instance_settings` ADD `sign_up_answer` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `servers` ADD `retention_days` integer;--> statement-breakpoint
ALTER TABLE `servers` ADD `file_retention_days` integer;--> statement-breakpoint
ALTER TABLE `sessions` ADD `confirmed_at` integer;--> statement-breakpoint
ALTER TABLE `users` ADD `display_name` text;--> statement-breakpoint
ALTER TABLE `users` ADD `avatar_version` text;--> statement-breakpoint
ALTER TABLE `users` ADD `presence` text DEFAULT 'online' NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_provider` ON `accounts` (`provider_id`,`account_id`);