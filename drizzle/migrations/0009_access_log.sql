CREATE TABLE `access_head` (
	`id` integer PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `access_log` (
	`seq` integer PRIMARY KEY NOT NULL,
	`access` text NOT NULL,
	`created_at` integer NOT NULL
);
