CREATE TABLE `search_documents` (
	`id` integer PRIMARY KEY NOT NULL,
	`log` integer NOT NULL,
	`position` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `search_documents_place` ON `search_documents` (`log`,`position`);--> statement-breakpoint
CREATE TABLE `search_logs` (
	`id` integer PRIMARY KEY NOT NULL,
	`channel_id` text NOT NULL,
	`seq` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `search_logs_channel_id_unique` ON `search_logs` (`channel_id`);