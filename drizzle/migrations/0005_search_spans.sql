CREATE TABLE `search_spans` (
	`id` integer PRIMARY KEY NOT NULL,
	`count` integer NOT NULL
);

--> statement-breakpoint
INSERT INTO `search_index` (`search_index`) VALUES ('delete-all');
--> statement-breakpoint
DELETE FROM `search_documents`;
--> statement-breakpoint
DELETE FROM `search_logs`;
