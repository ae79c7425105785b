CREATE VIRTUAL TABLE `search_index` USING fts5(body, facts, content='', contentless_delete=1, tokenize='ascii');
--> statement-breakpoint
INSERT INTO `search_index` (`search_index`, `rank`) VALUES ('automerge', 0);
--> statement-breakpoint
INSERT INTO `search_index` (`search_index`, `rank`) VALUES ('crisismerge', 1999);
