CREATE INDEX `inbox_items_at` ON `inbox_items` (`at`);--> statement-breakpoint
CREATE INDEX `inbox_items_counted` ON `inbox_items` (`user_id`,`channel_id`,`position`) WHERE "inbox_items"."reason" in ('reply', 'keyword');--> statement-breakpoint
CREATE INDEX `notification_levels_mute_ends` ON `notification_levels` (`muted_until`) WHERE "notification_levels"."muted_until" < 8640000000000000;