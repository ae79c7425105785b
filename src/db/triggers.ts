/**
 * What the database does by itself, since asking it to would cost another statement with every message: made at
 * start, where it is missing.
 */
export const triggers = `
create trigger if not exists own_messages_are_read after insert on messages begin
  update read_positions set position = new.position, ordinal = new.ordinal
    where user_id = new.user_id and channel_id = new.channel_id and ordinal = new.ordinal - 1;
  insert into read_positions (user_id, channel_id, position, ordinal)
    select new.user_id, new.channel_id, new.position, new.ordinal where new.ordinal = 1
    on conflict do nothing;
end`
