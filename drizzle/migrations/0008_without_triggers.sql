DROP TRIGGER IF EXISTS `own_messages_are_read`;
