INSERT INTO `roles` (`id`, `server_id`, `name`, `permissions`, `position`, `created_at`)
SELECT `id`, `id`, '@everyone', 563259258293313, 0, `created_at` FROM `servers` WHERE `kind` = 'server';--> statement-breakpoint
UPDATE `server_members` SET `permissions` = `permissions` | 8 WHERE EXISTS (
	SELECT 1 FROM `servers` WHERE `servers`.`id` = `server_members`.`server_id` AND `servers`.`kind` = 'server' AND `servers`.`owner_id` = `server_members`.`user_id`
);--> statement-breakpoint
UPDATE `channels` SET `root_id` = (SELECT `messages`.`channel_id` FROM `messages` WHERE `messages`.`id` = `channels`.`parent_id`) WHERE `parent_id` IS NOT NULL;
