/** A JSON frame from the server to a page over its live connection. Every other frame is HTML. */
export type PageFrame =
  | LiveFrame
  | EndedFrame
  | AnswerFrame
  | UnreadFrame
  | NewsFrame
  | StatusesFrame
  | PersonFrame
  | ReportsFrame
  | ListsFrame
  | ListsChangedFrame

/** The connection was authorized: an open socket alone may still be refused. */
interface LiveFrame {
  type: "live"
}

/**
 * The server has ended the connection, with the close code and reason of a WebSocket. A socket sends it, too, before it is
 * closed, unless the page comes back: htmx does not pass on the reason.
 */
interface EndedFrame {
  type: "ended"
  code: number
  message: string
}

/** The answer to a message that the page sent, or to an ephemeral event; `id` is what it was sent with. */
export type AnswerFrame = StoredFrame | RefusedFrame

interface StoredFrame {
  type: "stored"
  id?: unknown
}

/** `code` is an HTTP status. */
interface RefusedFrame {
  type: "refused"
  id?: unknown
  code: number
  message?: string
  retryAfterSeconds?: number
}

/** Everything the viewer has not read, and whom they block. Sent when a page goes live and when either changes. */
export interface UnreadFrame {
  type: "unread"
  unread: UnreadCount[]
  /** The ids of blocked users. */
  blocked: string[]
  /** The version of the style sheet that hides them; missing if there are none. */
  blocks?: string
  /** The ids of the viewer's roles: a mention of one is one of the viewer. */
  roles: string[]
  /** The version of the style sheet that marks these mentions; missing if there are none. */
  rolesVersion?: string
  /** How many items are unread in the viewer's inbox, up to 100. */
  inbox: number
  /** Messages of the last minute that notify the viewer: replies and keywords are in no news. */
  told: ToldMessage[]
  /** The viewer's notification levels; missing places have the default. */
  levels: LevelsByPlace
  /** When nothing shows up: from and until a time in milliseconds since 1970, and the same on other days. */
  quiet?: [from: number, until: number]
}

/** A message, as number `to` of its channel. */
export interface ToldMessage {
  serverId: string
  channelId: string
  to: number
}

/** By the id of a channel, the id of a server, `conversations` or `account`: the first that is there counts. */
export type LevelsByPlace = Record<string, ShownLevels>

export interface ShownLevels {
  level: "everything" | "mentions" | "nothing"
  isMuted: boolean
  isEveryoneSuppressed: boolean
  areRolesSuppressed: boolean
}

/** A channel with unread messages. In a conversation every message counts as a mention. */
export interface UnreadCount {
  channelId: string
  serverId: string
  unread: number
  mentions: number
  /** How many messages the channel ever had. */
  messageCount: number
  isConversation: boolean
  /** Only what notifies the viewer is shown of it. */
  isMuted: boolean
}

/** New messages in channels of a server. The same for every member: the page counts what they mean for its viewer. */
export interface NewsFrame {
  type: "news"
  serverId: string
  isConversation: boolean
  news: ChannelNews[]
}

/** New messages in one channel, whose number of messages rose `from` … `to`. */
export interface ChannelNews {
  channelId: string
  from: number
  to: number
  /** Counts of the new messages by author id. */
  by: Record<string, number>
  /** Author and mentioned ids of users and roles (or "everyone") of each message with mentions. */
  mentions: { by: string; of: string[] }[]
}

/** The statuses of members in the sidebar by user id; a missing member is offline. */
interface StatusesFrame {
  type: "here"
  statuses: Record<string, "online" | "idle" | "doNotDisturb" | "offline">
}

/** The reports of a server have changed. Sent to its moderators. */
interface ReportsFrame {
  type: "reports"
  serverId: string
}

/** The viewer's servers or conversations are others, or in another order. */
interface ListsFrame {
  type: "lists"
  /** The selector of a page that shows them. */
  shownIn: string
}

/** Sent when a page goes live: how long ago the lists around its room changed. What it shows may be older. */
interface ListsChangedFrame {
  type: "listsChanged"
  agoMs: number
}

/** A person whom the page shows has another name or picture. */
export interface PersonFrame {
  type: "person"
  userId: string
  username: string
  /** What others see. */
  name: string
  /** The content of their avatars: a picture, or a letter. */
  face: string
}

export function encodeFrame(frame: PageFrame): string {
  return JSON.stringify(frame)
}
