/**
 * Permissions of members, with Discord's bits (API docs, "Permissions"): programs written for Discord send and expect the
 * same numbers. Bits of what this chat does not have, such as voice, may be stored and do nothing.
 */
export const bitOf = {
  createInvite: 1n << 0n,
  kickMembers: 1n << 1n,
  banMembers: 1n << 2n,
  administrator: 1n << 3n,
  manageChannels: 1n << 4n,
  manageServer: 1n << 5n,
  addReactions: 1n << 6n,
  viewAuditLog: 1n << 7n,
  viewChannel: 1n << 10n,
  sendMessages: 1n << 11n,
  manageMessages: 1n << 13n,
  embedLinks: 1n << 14n,
  attachFiles: 1n << 15n,
  readHistory: 1n << 16n,
  mentionEveryone: 1n << 17n,
  changeNickname: 1n << 26n,
  manageNicknames: 1n << 27n,
  manageRoles: 1n << 28n,
  manageWebhooks: 1n << 29n,
  manageThreads: 1n << 34n,
  createThreads: 1n << 35n,
  sendInThreads: 1n << 38n,
  timeOutMembers: 1n << 40n,
  sendPolls: 1n << 49n,
  pinMessages: 1n << 51n,
  bypassSlowMode: 1n << 52n,
} as const

/** The name of a permission. */
export type Permission = keyof typeof bitOf

export const allPermissionNames = Object.keys(bitOf) as Permission[]

/** A set of permissions: the sum of their bits. */
export type Permissions = bigint

/** The set of these permissions. */
export function permissionsOf(...names: Permission[]): Permissions {
  return names.reduce((bits, name) => bits | bitOf[name], 0n)
}

/** The highest bit that may be stored, so that a set fits into a number exactly. */
const maxBit = 52n
/** Every bit, also those that this chat does not use. */
export const allPermissions: Permissions = (1n << (maxBit + 1n)) - 1n
export const noPermissions: Permissions = 0n

const talking = permissionsOf(
  "viewChannel",
  "readHistory",
  "sendMessages",
  "sendInThreads",
  "sendPolls",
  "embedLinks",
  "attachFiles",
  "addReactions",
  "createThreads",
)

/** What `@everyone` may do in a new server. */
export const defaultPermissions = talking | permissionsOf("createInvite", "changeNickname")

/** What the users of a conversation may do: it has no owner and no roles. */
export const conversationPermissions = talking | permissionsOf("pinMessages")

/** What a member who is timed out keeps. Source: Discord. */
export const timedOutPermissions = permissionsOf("viewChannel", "readHistory")

/** Does the set include this permission? `administrator` includes all of them. */
export function includes(permissions: Permissions, name: Permission): boolean {
  return (permissions & (bitOf[name] | bitOf.administrator)) !== 0n
}
