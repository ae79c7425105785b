INSERT INTO `instance_settings` (`id`, `registration`, `updated_at`)
SELECT 1, 'open', max(`created_at`) FROM `users` HAVING count(*) > 0;
