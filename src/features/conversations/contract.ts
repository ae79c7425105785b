import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { GroupName } from "../names.ts"

/** Most users in a conversation. Source: Discord, groups of 10. */
export const maxPeople = 10
/** Most conversations in a list, and most that one user may be in. */
export const maxListed = 200
export const maxConversations = 1000
/** Most results of one search. */
export const maxFound = 20

export const Person = z.object({
  userId: z.string(),
  username: z.string(),
  /** The name that they chose; `null` for none. */
  displayName: z.string().nullish(),
  /** The path of their picture; `null` without one. */
  avatarUrl: z.string().nullish(),
})
export type Person = z.infer<typeof Person>

export const Conversation = z.object({
  /** The id of the server that stores it: the `serverId` of its channel. */
  id: z.string(),
  channelId: z.string(),
  /** Its name for the viewer. */
  name: z.string(),
  isGroup: z.boolean(),
  /** All users in it, the viewer included, ordered by name. */
  people: z.array(Person),
  unread: z.int(),
  /** Unread messages that notify the viewer, up to 100: all, unless they chose otherwise. */
  mentions: z.int(),
  /** Muted: pages show only what mentions the viewer. */
  isMuted: z.boolean(),
  /** The time of the last message; `null` when there is none. */
  lastMessageAt: z.date().nullable(),
})
export type Conversation = z.infer<typeof Conversation>

const conversationId = z.string()
const userIds = z
  .array(z.string())
  .min(1, "Choose someone")
  .max(maxPeople - 1, `A conversation has at most ${maxPeople} people`)

export const conversationsContract = {
  /** Lists the viewer's conversations, most recently active first, at most 200. Fails: 401. */
  getConversations: query({ input: z.null(), output: z.array(Conversation) }),
  /** People the viewer may know, by a part of their name: those they share a server with, at most 20. Fails: 401. */
  getPeople: query({ input: z.object({ search: z.string().max(100) }), output: z.array(Person) }),
  /**
   * With one other person: the one conversation between the two, made where there is none. With more: a new group.
   * Fails: 401, 400 (nobody, too many, oneself), 403 (someone who shares no server with the viewer, or who does not
   * want to hear from them), 429.
   */
  openConversation: mutation({ input: z.object({ userIds }), output: Conversation }),
  /** Adds people to a group. Fails: 401, 404 (no such group), 400 (too many), 403 (as above), 429. */
  addToConversation: mutation({ input: z.object({ conversationId, userIds }), output: Conversation }),
  /** Renames a group; an empty name names it after its users. Fails: 401, 404, 400. */
  renameConversation: mutation({
    input: z.object({ conversationId, name: GroupName }),
    output: Conversation,
  }),
  /** Removes the viewer from a group. Fails: 401, 404 (no such group). */
  leaveConversation: mutation({ input: z.object({ conversationId }), output: z.null() }),
}
