/**
 * Triggers, created at start if they are missing. An author has read their own message if they had read everything
 * before it; a trigger does that without another statement per message.
 */
export const triggers = `
create trigger if not exists own_messages_are_read after insert on messages begin
  update read_positions set position = new.position, ordinal = new.ordinal
    where user_id = new.user_id and channel_id = new.channel_id and ordinal = new.ordinal - 1;
  insert into read_positions (user_id, channel_id, position, ordinal)
    select new.user_id, new.channel_id, new.position, new.ordinal where new.ordinal = 1
    on conflict do nothing;
end`
