import type { Completion } from "../../../views/mentions.tsx"

/** The target of a command in the room it is typed in. */
interface Place {
  serverId: string
  channelId: string
  isConversation: boolean
  isThread: boolean
}

interface Command {
  name: string
  hint: string
  /** The text that replaces it. */
  insert?: string
  /** The panel or page that it opens instead. */
  href?: (room: string, place: Place) => string
  isPage?: true
  isFor?: (place: Place) => boolean
}

const commands: Command[] = [
  { name: "poll", hint: "Create a poll", href: (room) => `${room}/polls/new` },
  {
    name: "search",
    hint: "Search in this channel",
    href: (_, place) => `/search?in=${place.channelId}`,
    isPage: true,
  },
  { name: "date", hint: "Jump to a date", href: (room) => `${room}/jump` },
  { name: "pins", hint: "Pinned messages", href: (room) => `${room}/pins` },
  {
    name: "threads",
    hint: "Threads of this channel",
    href: (room) => `${room}/threads`,
    isFor: ({ isThread }) => !isThread,
  },
  {
    name: "invite",
    hint: "Invite people to this server",
    href: (_, { serverId }) => `/servers/${serverId}/invites`,
    isFor: ({ isConversation }) => !isConversation,
  },
  { name: "saved", hint: "Your saved messages", href: () => "/saved" },
  { name: "keys", hint: "Keyboard shortcuts", href: () => "/keyboard" },
  { name: "spoiler", hint: "Hide text until it is clicked", insert: "||text||" },
  { name: "code", hint: "A block of code", insert: "```\ncode\n```" },
  { name: "shrug", hint: "¯\\_(ツ)_/¯", insert: "¯\\\\\\_(ツ)\\_/¯ " },
]

/** The commands that begin with what was typed behind a slash. */
export function findCommands(asked: string, place: Place): Completion[] {
  const room = `/servers/${place.serverId}/channels/${place.channelId}`
  return commands
    .filter(({ name, isFor }) => name.startsWith(asked.toLowerCase()) && (isFor?.(place) ?? true))
    .map(({ name, hint, insert = "", href, isPage }) => ({
      ...{ kind: "command" as const, name, hint, insert },
      ...(href && { href: href(room, place) }),
      ...(isPage && { isPage }),
    }))
}
