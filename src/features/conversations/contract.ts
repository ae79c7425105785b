import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { GroupName } from "../names.ts"

/** Most people in a conversation. Source: Discord, groups of 10. */
export const maxPeople = 10
/** Most conversations that are listed, and that one person may be in. */
export const maxListed = 200
export const maxConversations = 1000
/** People that one search shows. */
export const maxFound = 20

export const Person = z.object({ userId: z.string(), username: z.string() })
export type Person = z.infer<typeof Person>

export const Conversation = z.object({
  /** Of the server that holds it: what `serverId` is wherever else its channel is asked about. */
  id: z.string(),
  channelId: z.string(),
  /** What it is called for the viewer. */
  name: z.string(),
  isGroup: z.boolean(),
  /** Everyone in it, the viewer too, by name. */
  people: z.array(Person),
  unread: z.int(),
  /** When something was last said; `null`: nothing was yet. */
  lastMessageAt: z.date().nullable(),
})
export type Conversation = z.infer<typeof Conversation>

const conversationId = z.string()
const userIds = z
  .array(z.string())
  .min(1, "Choose somebody")
  .max(maxPeople - 1, `A conversation has at most ${maxPeople} people`)

export const conversationsContract = {
  /** The viewer's conversations, the last to be spoken in first, at most 200. Fails: 401. */
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
  /** Calls a group something; empty: by its people again. Fails: 401, 404, 400. */
  renameConversation: mutation({
    input: z.object({ conversationId, name: GroupName }),
    output: Conversation,
  }),
  /** Ends the viewer's part in a group. Fails: 401, 404 (no such group). */
  leaveConversation: mutation({ input: z.object({ conversationId }), output: z.null() }),
}
