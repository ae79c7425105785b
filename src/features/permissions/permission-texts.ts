import type { Permission } from "./bits.ts"

/** What pages say of a permission. */
export interface PermissionText {
  name: Permission
  title: string
  /** One sentence. */
  description: string
  /** A permission of the whole server, which a channel cannot change. */
  isOfServer?: true
}

interface PermissionGroup {
  title: string
  permissions: PermissionText[]
}

/** Every permission, in the order of pages. */
export const permissionGroups: readonly PermissionGroup[] = [
  {
    title: "Channels",
    permissions: [
      { name: "viewChannel", title: "View channels", description: "See channels and who is in them." },
      { name: "readHistory", title: "Read history", description: "Read messages that were sent before." },
      {
        name: "manageChannels",
        title: "Manage channels",
        description: "Create, change, order, archive and delete channels and categories.",
      },
    ],
  },
  {
    title: "Messages",
    permissions: [
      { name: "sendMessages", title: "Send messages", description: "Write in channels." },
      { name: "createThreads", title: "Create threads", description: "Begin threads under messages." },
      { name: "sendInThreads", title: "Send in threads", description: "Write in threads." },
      { name: "embedLinks", title: "Embed links", description: "Links show a preview of their page." },
      { name: "attachFiles", title: "Attach files", description: "Send files and pictures." },
      { name: "addReactions", title: "Add reactions", description: "React to messages." },
      { name: "sendPolls", title: "Send polls", description: "Ask questions that people vote on." },
      {
        name: "mentionEveryone",
        title: "Mention everyone and all roles",
        description: "Notify all members with @everyone, and the members of any role.",
      },
      {
        name: "bypassSlowMode",
        title: "Bypass slow mode",
        description: "Send messages without waiting in slow mode.",
      },
    ],
  },
  {
    title: "Members",
    permissions: [
      {
        name: "createInvite",
        title: "Create invites",
        description: "Invite people to the server.",
        isOfServer: true,
      },
      {
        name: "changeNickname",
        title: "Change nickname",
        description: "Choose what they are called in this server.",
        isOfServer: true,
      },
      {
        name: "manageNicknames",
        title: "Manage nicknames",
        description: "Change what members below them are called.",
        isOfServer: true,
      },
    ],
  },
  {
    title: "Moderation",
    permissions: [
      {
        name: "manageMessages",
        title: "Manage messages",
        description: "Delete messages of others, and write in locked channels.",
      },
      { name: "pinMessages", title: "Pin messages", description: "Pin and unpin messages." },
      { name: "manageThreads", title: "Manage threads", description: "Rename and delete threads of others." },
      {
        name: "timeOutMembers",
        title: "Time out members",
        description: "Let members below them only read for a while.",
        isOfServer: true,
      },
      {
        name: "kickMembers",
        title: "Remove members",
        description: "Remove members below them, who can come back with an invite.",
        isOfServer: true,
      },
      {
        name: "banMembers",
        title: "Ban members",
        description: "Remove members below them for good.",
        isOfServer: true,
      },
      {
        name: "viewAuditLog",
        title: "View audit log",
        description: "Read who changed what in the server.",
        isOfServer: true,
      },
    ],
  },
  {
    title: "Server",
    permissions: [
      {
        name: "manageRoles",
        title: "Manage roles",
        description: "Create, change and give roles below their own, and change permissions of channels.",
      },
      {
        name: "manageWebhooks",
        title: "Manage webhooks",
        description: "Let other programs write to channels and read them.",
      },
      {
        name: "manageServer",
        title: "Manage server",
        description: "Change the server's name and settings, add bots, and revoke invites.",
        isOfServer: true,
      },
      {
        name: "administrator",
        title: "Administrator",
        description:
          "Do everything in every channel, even where it is denied. Give it only to people you trust.",
        isOfServer: true,
      },
    ],
  },
]

/** The permissions that match a search by all of its words, in their groups; all for an empty one. */
export function searchPermissions(query: string): PermissionGroup[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const matches = ({ title, description }: PermissionText) => {
    const text = `${title} ${description}`.toLowerCase()
    return words.every((word) => text.includes(word))
  }
  return permissionGroups
    .map(({ title, permissions }) => ({ title, permissions: permissions.filter(matches) }))
    .filter(({ permissions }) => permissions.length > 0)
}

/** What pages call a permission. */
export function permissionTitle(name: Permission): string {
  const all = permissionGroups.flatMap(({ permissions }) => permissions)
  return all.find((text) => text.name === name)?.title ?? name
}
