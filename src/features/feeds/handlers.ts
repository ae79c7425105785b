import { Refusal } from "../../kernel/index.ts"
import { newToken } from "../instance/one-time-links.ts"
import { requireChannel } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
import { takeLater } from "../reminders/take-limit.ts"
import { parseQuery } from "../search/syntax.ts"
import type { Derived, Procedures } from "../services.ts"
import { requireRecentConfirmation } from "../sessions/confirmation.ts"
import { tokenHash } from "../token-hash.ts"
import { type feedsContract, maxFeeds } from "./contract.ts"
import { countFeeds, deleteFeed, insertFeed, listFeeds } from "./store.ts"

export const feedsHandlers: Procedures<typeof feedsContract> = {
  getFeeds: {
    resources: ({ ctx }) => [resource.feeds(ctx.viewer?.id)],
    procedure: ({ derived }) => listFeeds(derived.db, derived.requireAuth().id),
  },

  createFeed: {
    resources: ({ ctx }) => [resource.feeds(ctx.viewer?.id)],
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { channelId = null, query = null } = inputs
      const name = await nameOf(derived, viewer, { channelId, query })
      // The address works for months, for anyone who has it.
      await requireRecentConfirmation(derived, viewer)
      await takeLater(derived, viewer.id)

      const token = newToken()
      const feed = {
        id: crypto.randomUUID(),
        name,
        channelId,
        query,
        createdAt: new Date(),
        lastUsedAt: null,
      }
      const refusal = await derived.commits.decide(async (tx) => {
        if ((await countFeeds(tx, viewer.id)) >= maxFeeds) return new Refusal(tooMany, 400)
        await insertFeed(tx, { ...feed, userId: viewer.id, hash: tokenHash(token) })
      })
      if (refusal) throw refusal

      return { feed, token }
    },
  },

  deleteFeed: {
    resources: ({ ctx }) => [resource.feeds(ctx.viewer?.id)],
    async procedure({ inputs: { feedId }, derived, error }) {
      const { id } = derived.requireAuth()
      await takeLater(derived, id)
      const isDeleted = await derived.commits.decide((tx) => deleteFeed(tx, id, feedId))
      return isDeleted ? null : error("You have no such feed", 404)
    },
  },
}

const tooMany = `You can have at most ${maxFeeds} feeds. Remove some first`

/** The title of a feed. Fails: 404, 403 (may not read the history), 400 (the search is wrong). */
async function nameOf(
  derived: Derived,
  viewer: { id: string },
  { channelId, query }: { channelId: string | null; query: string | null },
): Promise<string> {
  if (channelId === null) {
    parseQuery(query ?? "")
    return `Search: ${query}`
  }
  const { channel } = await requireChannel(derived, viewer, channelId, "readHistory")
  return channel.isConversation ? channel.name : `#${channel.name}, ${channel.serverName}`
}
