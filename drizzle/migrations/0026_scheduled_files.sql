CREATE TABLE `scheduled_files` (
	`file_id` text PRIMARY KEY NOT NULL,
	`scheduled_id` text NOT NULL,
	`position` integer NOT NULL,
	FOREIGN KEY (`file_id`) REFERENCES `files`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`scheduled_id`) REFERENCES `scheduled_messages`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `scheduled_files_message` ON `scheduled_files` (`scheduled_id`,`position`);