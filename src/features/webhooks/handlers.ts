import type { ProcedureRefuse } from "../../kernel/index.ts"
import { requireOwnChannel } from "../channels/policy.ts"
import { findChannelSeenBy } from "../channels/store.ts"
import type { Derived, Procedures } from "../services.ts"
import { maxOutgoingWebhooks, maxWebhooks, type webhooksContract } from "./contract.ts"
import { webhookDeliveries } from "./deliveries.ts"
import {
  countOutgoing,
  deleteOutgoing,
  findOutgoing,
  insertOutgoing,
  listOutgoing,
  resetOutgoing,
} from "./outgoing-store.ts"
import {
  countWebhooks,
  deleteWebhook,
  findWebhook,
  insertWebhook,
  listWebhooks,
  updateWebhookHash,
} from "./store.ts"
import { hashOf, newSigningSecret, newWebhookToken } from "./tokens.ts"

export const webhooksHandlers: Procedures<typeof webhooksContract> = {
  getWebhooks: {
    resources: ({ inputs }) => [`webhooks/channel/${inputs.channelId}`],
    async procedure({ inputs, derived, error }) {
      const { id } = await requireOwnChannel(derived, inputs.channelId, error)

      return listWebhooks(derived.db, id)
    },
  },

  createWebhook: {
    resources: ({ inputs }) => [`webhooks/channel/${inputs.channelId}`],
    async procedure({ inputs, derived, error }) {
      const { db, commits } = derived
      const { id: channelId } = await requireOwnChannel(derived, inputs.channelId, error)

      const [id, token] = [crypto.randomUUID(), newWebhookToken()]
      const isMade = await commits.run(() => {
        if (countWebhooks(db, channelId) >= maxWebhooks) return false
        insertWebhook(db, { id, channelId, name: inputs.name, createdAt: new Date(), hash: hashOf(token) })
        return true
      })
      if (!isMade) error(`A channel has at most ${maxWebhooks} webhooks`, 400)

      return { id, token }
    },
  },

  renewWebhook: {
    resources: ({ outputs }) => [`webhooks/channel/${outputs.channelId}`],
    async procedure({ inputs, derived, error }) {
      const { db, commits } = derived
      const { id, channelId } = await requireWebhook(derived, inputs.webhookId, error)

      const token = newWebhookToken()
      await commits.run(() => updateWebhookHash(db, id, hashOf(token)))
      return { id, channelId, token }
    },
  },

  deleteWebhook: {
    resources: ({ outputs }) => [`webhooks/channel/${outputs.channelId}`],
    async procedure({ inputs, derived, error }) {
      const { db, commits } = derived
      const webhook = await requireWebhook(derived, inputs.webhookId, error)

      await commits.run(() => deleteWebhook(db, webhook.id))
      return webhook
    },
  },

  getOutgoingWebhooks: {
    resources: ({ inputs }) => [`webhooks/channel/${inputs.channelId}`],
    async procedure({ inputs, derived, error }) {
      const { id } = await requireOwnChannel(derived, inputs.channelId, error)

      return listOutgoing(derived.db, id)
    },
  },

  createOutgoingWebhook: {
    resources: ({ inputs }) => [`webhooks/channel/${inputs.channelId}`],
    async procedure({ inputs, derived, error }) {
      const { db, commits, workers } = derived
      const { id: channelId, ownerId } = await requireOwnChannel(derived, inputs.channelId, error)

      const [id, secret] = [crypto.randomUUID(), newSigningSecret()]
      const hook = { id, channelId, url: inputs.url, secret, createdBy: ownerId }
      const outcome = await commits.run(() => {
        if (countOutgoing(db, channelId) >= maxOutgoingWebhooks) return "many"
        return insertOutgoing(db, hook) ? "made" : "gone"
      })
      if (outcome === "many") error(`A channel has at most ${maxOutgoingWebhooks} outgoing webhooks`, 400)
      if (outcome === "gone") error("There is no such channel", 404)

      workers.get(webhookDeliveries).add(id, channelId)
      return { id, secret }
    },
  },

  retryOutgoingWebhook: {
    resources: ({ outputs }) => [`webhooks/channel/${outputs.channelId}`],
    async procedure({ inputs, derived, error }) {
      const { db, commits, workers } = derived
      const { id, channelId } = await requireOutgoing(derived, inputs.webhookId, error)

      const hook = await commits.run(() => {
        resetOutgoing(db, id)
        return findOutgoing(db, id)
      })
      if (!hook) return error(noSuch, 404)

      workers.get(webhookDeliveries).add(id, channelId)
      return hook
    },
  },

  deleteOutgoingWebhook: {
    resources: ({ outputs }) => [`webhooks/channel/${outputs.channelId}`],
    async procedure({ inputs, derived, error }) {
      const { db, commits, workers } = derived
      const hook = await requireOutgoing(derived, inputs.webhookId, error)

      await commits.run(() => deleteOutgoing(db, hook.id))
      workers.get(webhookDeliveries).remove(hook.id, hook.channelId)
      return hook
    },
  },
}

const noSuch = "There is no such webhook"

/** A webhook in a server of the viewer's. Fails: 401, 403, 404; whoever is not in the server learns nothing of it. */
async function requireWebhook(derived: Derived, id: string, error: ProcedureRefuse) {
  return requireOwn(derived, findWebhook(derived.db, id), error)
}

async function requireOutgoing(derived: Derived, id: string, error: ProcedureRefuse) {
  return requireOwn(derived, findOutgoing(derived.db, id), error)
}

async function requireOwn<Hook extends { channelId: string }>(
  derived: Derived,
  hook: Hook | undefined,
  error: ProcedureRefuse,
): Promise<Hook> {
  const viewer = derived.requireAuth()
  const channel = hook && (await findChannelSeenBy(derived.db, viewer.id, hook.channelId))
  if (!hook || !channel?.isMember) return error(noSuch, 404)

  return channel.ownerId === viewer.id ? hook : error("Only the server's owner may do this", 403)
}
