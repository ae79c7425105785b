import type { Tx } from "../../db/database.ts"
import type { ProcedureRefuse } from "../../kernel/index.ts"
import { isBlocked } from "../blocks/store.ts"
import { endMembership } from "../end-membership.ts"
import { countMembers, insertMember } from "../members/store.ts"
import { messageLimit } from "../messages/limits.ts"
import { pairOf } from "../permissions/pair.ts"
import { type Resource, resource } from "../permissions/resources.ts"
import { isMember } from "../permissions/store.ts"
import type { Derived, Procedures } from "../services.ts"
import { type Conversation, type conversationsContract, maxConversations, maxPeople } from "./contract.ts"
import { requireGroup } from "./require-group.ts"
import {
  countConversations,
  deleteConversation,
  findConversation,
  findKnownPerson,
  findPair,
  insertConversation,
  listConversations,
  searchPeople,
  updateConversationName,
} from "./store.ts"

/** The same for who is not there, shares no server or does not want it: it must not tell which. */
const notReachable = "You can message only people who share a server with you and accept messages from you"
const tooFast = "You are opening conversations too fast. Wait a moment, then try again"

/** What changes for everyone in a conversation. */
function resourcesOf({ id, people }: Pick<Conversation, "id" | "people">): Resource[] {
  return [
    resource.server(id),
    resource.members(id),
    ...people.flatMap(({ userId }) => resourcesOfPerson(userId)),
  ]
}

const resourcesOfPerson = (userId: string | undefined) => [
  resource.conversations(userId),
  resource.servers(userId),
]

export const conversationsHandlers: Procedures<typeof conversationsContract> = {
  getConversations: {
    resources: ({ ctx }) => [resource.conversations(ctx.viewer?.id)],
    async procedure({ derived }) {
      return listConversations(derived.db, derived.requireAuth().id)
    },
  },

  getPeople: {
    resources: ({ ctx }) => [resource.servers(ctx.viewer?.id)],
    async procedure({ inputs, derived }) {
      return searchPeople(derived.db, derived.requireAuth().id, inputs.search)
    },
  },

  openConversation: {
    resources: ({ outputs }) => resourcesOf(outputs),
    async procedure({ inputs, derived, error }) {
      const { db, commits } = derived
      const viewer = derived.requireAuth()
      const userIds = [...new Set(inputs.userIds)]
      if (userIds.includes(viewer.id)) error("Choose someone other than yourself", 400)

      const [first = ""] = userIds
      const pair = userIds.length === 1 ? pairOf(viewer.id, first) : null
      const known = pair && (await findPair(db, pair))
      const mine = known ? await findConversation(db, viewer.id, known) : undefined
      if (mine) return mine

      await requireReachable(derived, viewer.id, userIds, error)
      const opened = await commits.decide(async (tx) => {
        const existing = pair && (await findPair(tx, pair))
        if (existing) return existing

        const id = crypto.randomUUID()
        await insertConversation(tx, { id, pair, openerId: viewer.id, userIds })
        return id
      })
      return (await findConversation(db, viewer.id, opened)) ?? error(notReachable, 403)
    },
  },

  addToConversation: {
    resources: ({ outputs }) => resourcesOf(outputs),
    async procedure({ inputs, derived, error }) {
      const { commits } = derived
      const viewer = derived.requireAuth()
      const group = await requireGroup(derived, viewer, inputs.conversationId)
      const inIt = new Set(group.people.map(({ userId }) => userId))
      const userIds = [...new Set(inputs.userIds)].filter((id) => !inIt.has(id))
      await requireReachable(derived, viewer.id, userIds, error)

      const isFull = await commits.decide((tx) => addPeople(tx, group.id, viewer.id, userIds))
      if (isFull) error(`A conversation has at most ${maxPeople} people`, 400)
      return requireGroup(derived, viewer, group.id)
    },
  },

  renameConversation: {
    resources: ({ outputs }) => resourcesOf(outputs),
    async procedure({ inputs, derived }) {
      const { commits } = derived
      const viewer = derived.requireAuth()
      const { id } = await requireGroup(derived, viewer, inputs.conversationId)

      await commits.decide((tx) => updateConversationName(tx, id, inputs.name))
      return requireGroup(derived, viewer, id)
    },
  },

  leaveConversation: {
    resources: ({ ctx, inputs }) => [
      resource.members(inputs.conversationId),
      ...resourcesOfPerson(ctx.viewer?.id),
    ],
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { id, people } = await requireGroup(derived, viewer, inputs.conversationId)

      await derived.publisher.decide(async (changes) => {
        await endMembership(changes, { serverId: id, userId: viewer.id })
        // Nobody is left who could come back to it.
        if (people.length === 1) await deleteConversation(changes.tx, id)
      })
      return null
    },
  },
}

/** May the viewer begin to write to all of them? */
async function requireReachable(
  derived: Derived,
  viewerId: string,
  userIds: string[],
  error: ProcedureRefuse,
): Promise<void> {
  const { db, limits } = derived
  const retryAfterSeconds = await limits.get(messageLimit).take(`${viewerId} conversations`)
  if (retryAfterSeconds > 0) error(tooFast, 429, { retryAfterSeconds })
  if ((await countConversations(db, viewerId)) >= maxConversations) {
    error(`You are in ${maxConversations} conversations already. Leave some first`, 400)
  }

  for (const userId of userIds) {
    if (await isBlocked(db, { userId: viewerId, blockedId: userId })) {
      error("You have blocked one of them. Unblock them first, in your account", 403)
    }
    const isReachable =
      (await findKnownPerson(db, viewerId, userId)) && !(await isBlocked(db, { userId, blockedId: viewerId }))
    if (!isReachable) error(notReachable, 403)
  }
}

/** `true` when there is no room for them. The viewer may have left, and others come, at this moment. */
async function addPeople(tx: Tx, id: string, viewerId: string, userIds: string[]): Promise<boolean> {
  if (!(await isMember(tx, id, viewerId))) return false

  const added: string[] = []
  for (const userId of userIds) if (!(await isMember(tx, id, userId))) added.push(userId)
  if ((await countMembers(tx, id)) + added.length > maxPeople) return true

  for (const userId of added) await insertMember(tx, id, userId)
  return false
}
