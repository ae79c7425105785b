ALTER TABLE `read_positions` ADD `marked_at` integer;--> statement-breakpoint
ALTER TABLE `read_positions` ADD `previous_position` integer;--> statement-breakpoint
ALTER TABLE `read_positions` ADD `previous_ordinal` integer;