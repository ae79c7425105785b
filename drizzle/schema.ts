/**
 * Every table, by what it is about. Times are integers in milliseconds since 1970 and come back as `Date`.
 *
 * A chat channel is a log: `channels.seq` counts its changes, `messages.seq` is the number of a message's last change and
 * `messages.position` the number of its creation.
 */

export * from "./schema/accounts.ts"
export * from "./schema/channels.ts"
export * from "./schema/instance.ts"
export * from "./schema/message-parts.ts"
export * from "./schema/moderation.ts"
export * from "./schema/notifications.ts"
export * from "./schema/programs.ts"
export * from "./schema/search.ts"
export * from "./schema/servers.ts"
export * from "./schema/sessions.ts"
export { users } from "./schema/users.ts"
