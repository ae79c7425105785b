import { loginLimit } from "../accounts/limits.ts"
import { tooManyAttempts } from "../accounts/passwords.ts"
import { recordAct } from "../audit-log/store.ts"
import { isBanned } from "../bans/store.ts"
import { insertMember } from "../members/store.ts"
import { can } from "../permissions/can.ts"
import { requireServer } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
import { findStanding, isMember } from "../permissions/store.ts"
import { listServers } from "../servers/store.ts"
import type { Procedures } from "../services.ts"
import { tokenHash } from "../token-hash.ts"
import { isNameTaken } from "../usernames/store.ts"
import { type botsContract, maxBots, maxBotTokens } from "./contract.ts"
import {
  countBotTokens,
  deleteBot,
  endBotToken,
  findBot,
  insertBot,
  insertBotToken,
  listBotIds,
  listBots,
} from "./store.ts"
import { newBotToken } from "./tokens.ts"
import { noSuchBot } from "./wording.ts"

export const botsHandlers: Procedures<typeof botsContract> = {
  getBots: {
    resources: ({ ctx }) => [resource.bots(ctx.viewer?.id)],
    async procedure({ derived }) {
      return listBots(derived.db, derived.requireAuth().id)
    },
  },

  createBot: {
    resources: ({ ctx }) => [resource.bots(ctx.viewer?.id)],
    async procedure({ inputs, derived, setHeader, error }) {
      const { commits, limits } = derived
      const limit = limits.get(loginLimit)
      const viewer = derived.requireAuth()
      // Names of deleted bots stay taken: without a limit a user could use up all names by creating and deleting.
      const key = `new bot ${viewer.id}`
      const retryAfterSeconds = await limit.take(key)
      for (const [name, value] of await limit.headers("logins", key)) setHeader(name, value)
      if (retryAfterSeconds > 0) error(tooManyAttempts, 429, { retryAfterSeconds })

      const username = inputs.username.toLowerCase()
      const bot = { id: crypto.randomUUID(), username, creatorId: viewer.id, now: new Date() }
      const outcome = await commits.decide(async (tx) => {
        if ((await listBotIds(tx, viewer.id)).length >= maxBots) return "too many"
        if (await isNameTaken(tx, username)) return "taken"
        await insertBot(tx, bot)
        return "created"
      })
      if (outcome === "too many") error(`You already have ${maxBots} bots. Delete one first`, 400)
      const issues = [{ path: "username", message: "That username is taken" }]
      if (outcome === "taken") error("That username is taken", 409, { issues })

      return { id: bot.id, username, createdAt: bot.now, tokens: [], servers: [] }
    },
  },

  deleteBot: {
    resources: ({ ctx, outputs }) => [
      resource.bots(ctx.viewer?.id),
      ...outputs.serverIds.map((id) => resource.members(id)),
    ],
    async procedure({ inputs, derived, error }) {
      const { db, publisher } = derived
      const viewer = derived.requireAuth()
      const servers = await listServers(db, inputs.botId)
      const isDeleted = await publisher.decide(async (changes) => {
        if (!(await findBot(changes.tx, viewer.id, inputs.botId))) return false
        await deleteBot(changes, inputs.botId, new Date())
        return true
      })
      if (!isDeleted) error(noSuchBot, 404)

      return { serverIds: servers.map(({ id }) => id) }
    },
  },

  createBotToken: {
    resources: ({ ctx }) => [resource.bots(ctx.viewer?.id)],
    async procedure({ inputs, derived, error }) {
      const { commits } = derived
      const viewer = derived.requireAuth()
      const [id, token] = [crypto.randomUUID(), newBotToken()]
      const outcome = await commits.decide(async (tx) => {
        if (!(await findBot(tx, viewer.id, inputs.botId))) return "not found"
        if ((await countBotTokens(tx, inputs.botId)) >= maxBotTokens) return "too many"
        await insertBotToken(tx, { id, userId: inputs.botId, hash: tokenHash(token) })
        return "created"
      })
      if (outcome === "not found") error(noSuchBot, 404)
      if (outcome === "too many") error(`This bot already has ${maxBotTokens} tokens. Revoke one first`, 400)

      return { id, token }
    },
  },

  revokeBotToken: {
    resources: ({ ctx }) => [resource.bots(ctx.viewer?.id)],
    async procedure({ inputs, derived, error }) {
      const { id } = derived.requireAuth()
      const isRevoked = await derived.publisher.decide((changes) => endBotToken(changes, id, inputs.tokenId))
      return isRevoked ? null : error("None of your bots has such a token", 404)
    },
  },

  addBot: {
    resources: ({ ctx, inputs }) => [
      resource.members(inputs.serverId),
      resource.bots(ctx.viewer?.id),
      resource.servers(inputs.botId),
      resource.auditLog(inputs.serverId),
    ],
    async procedure({ inputs, derived, error }) {
      const { commits } = derived
      const viewer = derived.requireAuth()
      const { serverId, botId } = inputs
      await requireServer(derived, viewer, serverId, "manageServer")
      const outcome = await commits.decide(async (tx) => {
        // Checked again: the server, the bot or the permission may have been removed meanwhile.
        const isAllowed = can(await findStanding(tx, viewer, serverId), "manageServer")
        const bot = await findBot(tx, viewer.id, botId)
        if (!isAllowed || !bot) return "not found"
        if (await isMember(tx, serverId, botId)) return "member"
        if (await isBanned(tx, serverId, botId)) return "banned"
        await insertMember(tx, serverId, botId)
        const target = { id: botId, name: bot.username }
        await recordAct(tx, { serverId, actor: viewer, action: "bot.add", target })
        return "added"
      })
      if (outcome === "not found") error(noSuchBot, 404)
      if (outcome === "banned") error("This bot is banned here. Lift its ban first", 400)

      return null
    },
  },
}
