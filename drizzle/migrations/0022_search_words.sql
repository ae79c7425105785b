ALTER TABLE `search_logs` ADD `words_version` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `search_logs` ADD `next_version` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `search_logs` ADD `renewed_seq` integer DEFAULT 0 NOT NULL;