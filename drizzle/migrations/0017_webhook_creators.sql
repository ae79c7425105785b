ALTER TABLE `incoming_webhooks` ADD `created_by` text REFERENCES users(id) ON DELETE set null;--> statement-breakpoint
CREATE INDEX `incoming_webhooks_creator` ON `incoming_webhooks` (`created_by`) WHERE "incoming_webhooks"."created_by" is not null;--> statement-breakpoint
ALTER TABLE `server_members` ADD `join_answers` text;