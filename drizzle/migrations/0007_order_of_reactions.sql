DROP INDEX `reactions_user`;--> statement-breakpoint
CREATE INDEX `reactions_user` ON `reactions` (`user_id`,`created_at`);