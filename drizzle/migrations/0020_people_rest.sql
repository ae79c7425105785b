CREATE TABLE `mails` (
	`id` text PRIMARY KEY NOT NULL,
	`sealed` text NOT NULL,
	`failures` integer DEFAULT 0 NOT NULL,
	`due_at` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `mails_due` ON `mails` (`due_at`);--> statement-breakpoint
ALTER TABLE `instance_settings` ADD `sign_up_work` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `identity_providers` ADD `asks_second_factor` integer DEFAULT false NOT NULL;