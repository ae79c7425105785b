DROP INDEX `channels_server`;--> statement-breakpoint
DROP INDEX `channels_parent`;--> statement-breakpoint
CREATE INDEX `channels_server` ON `channels` (`server_id`,`parent_id`,`created_at`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `channels_parent` ON `channels` (`parent_id`) WHERE "channels"."parent_id" is not null;