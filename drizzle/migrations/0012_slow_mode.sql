CREATE TABLE `slow_mode_times` (
	`channel_id` text NOT NULL,
	`user_id` text NOT NULL,
	`message_at` integer,
	`thread_at` integer,
	PRIMARY KEY(`channel_id`, `user_id`),
	FOREIGN KEY (`channel_id`) REFERENCES `channels`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `slow_mode_times_user` ON `slow_mode_times` (`user_id`);--> statement-breakpoint
CREATE INDEX `audit_log_target` ON `audit_log` (`server_id`,`target_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `server_members_timed_out` ON `server_members` (`timed_out_until`) WHERE "server_members"."timed_out_until" is not null;