CREATE TABLE `feeds` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`hash` text NOT NULL,
	`name` text NOT NULL,
	`channel_id` text,
	`query` text,
	`created_at` integer NOT NULL,
	`last_used_at` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `feeds_hash_unique` ON `feeds` (`hash`);--> statement-breakpoint
CREATE INDEX `feeds_user` ON `feeds` (`user_id`);--> statement-breakpoint
CREATE TABLE `inbox_items` (
	`user_id` text NOT NULL,
	`message_id` text NOT NULL,
	`channel_id` text NOT NULL,
	`position` integer NOT NULL,
	`reason` text NOT NULL,
	`at` integer NOT NULL,
	`done_at` integer,
	`note` text,
	PRIMARY KEY(`user_id`, `message_id`, `reason`),
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `inbox_items_open` ON `inbox_items` (`user_id`,`at`) WHERE "inbox_items"."done_at" is null;--> statement-breakpoint
CREATE INDEX `inbox_items_user` ON `inbox_items` (`user_id`,`at`);--> statement-breakpoint
CREATE INDEX `inbox_items_message` ON `inbox_items` (`message_id`);--> statement-breakpoint
CREATE TABLE `instance_keys` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `keywords` (
	`user_id` text NOT NULL,
	`word` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`user_id`, `word`),
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `keywords_word` ON `keywords` (`word`);--> statement-breakpoint
CREATE TABLE `notification_levels` (
	`user_id` text NOT NULL,
	`place_id` text NOT NULL,
	`place` text NOT NULL,
	`level` text,
	`muted_until` integer,
	`is_everyone_suppressed` integer,
	`are_roles_suppressed` integer,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`user_id`, `place_id`),
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `notification_levels_everything` ON `notification_levels` (`place_id`) WHERE "notification_levels"."level" = 'everything';--> statement-breakpoint
CREATE TABLE `notification_settings` (
	`user_id` text PRIMARY KEY NOT NULL,
	`quiet_from` integer,
	`quiet_until` integer,
	`is_text_shown` integer DEFAULT true NOT NULL,
	`mails` text DEFAULT 'never' NOT NULL,
	`last_mailed_at` integer,
	`unsubscribe_hash` text,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `notified_logs` (
	`channel_id` text PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `push_deliveries` (
	`subscription_id` text NOT NULL,
	`message_id` text NOT NULL,
	`channel_id` text NOT NULL,
	`position` integer NOT NULL,
	`reason` text NOT NULL,
	`due_at` integer,
	`sent_at` integer,
	`failures` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`subscription_id`, `message_id`),
	FOREIGN KEY (`subscription_id`) REFERENCES `push_subscriptions`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `push_deliveries_due` ON `push_deliveries` (`due_at`) WHERE "push_deliveries"."due_at" is not null;--> statement-breakpoint
CREATE INDEX `push_deliveries_created` ON `push_deliveries` (`created_at`);--> statement-breakpoint
CREATE TABLE `push_subscriptions` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`session_id` text,
	`endpoint` text NOT NULL,
	`p256dh` text NOT NULL,
	`auth` text NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_sent_at` integer,
	`last_status` text,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `push_subscriptions_endpoint_unique` ON `push_subscriptions` (`endpoint`);--> statement-breakpoint
CREATE INDEX `push_subscriptions_user` ON `push_subscriptions` (`user_id`);--> statement-breakpoint
CREATE TABLE `reminders` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`message_id` text NOT NULL,
	`channel_id` text NOT NULL,
	`due_at` integer NOT NULL,
	`note` text DEFAULT '' NOT NULL,
	`fired_at` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `reminders_due` ON `reminders` (`due_at`) WHERE "reminders"."fired_at" is null;--> statement-breakpoint
CREATE INDEX `reminders_user` ON `reminders` (`user_id`,`due_at`);--> statement-breakpoint
CREATE TABLE `scheduled_messages` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`channel_id` text NOT NULL,
	`content` text NOT NULL,
	`quoted_id` text,
	`due_at` integer NOT NULL,
	`sent_at` integer,
	`failure` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `scheduled_messages_due` ON `scheduled_messages` (`due_at`) WHERE "scheduled_messages"."sent_at" is null and "scheduled_messages"."failure" is null;--> statement-breakpoint
CREATE INDEX `scheduled_messages_user` ON `scheduled_messages` (`user_id`,`due_at`);--> statement-breakpoint
CREATE TABLE `thread_follows` (
	`user_id` text NOT NULL,
	`channel_id` text NOT NULL,
	`is_followed` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`user_id`, `channel_id`),
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `thread_follows_channel` ON `thread_follows` (`channel_id`) WHERE "thread_follows"."is_followed" = 1;