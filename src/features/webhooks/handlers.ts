import { requireChannel } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
import { noSuchChannel } from "../permissions/wording.ts"
import type { Procedures } from "../services.ts"
import { tokenHash } from "../token-hash.ts"
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
import { noSuchWebhook, requireWebhook } from "./require-webhook.ts"
import {
  countWebhooks,
  deleteWebhook,
  findWebhook,
  insertWebhook,
  listWebhooks,
  updateWebhookHash,
} from "./store.ts"
import { newSigningSecret, newWebhookToken } from "./tokens.ts"

export const webhooksHandlers: Procedures<typeof webhooksContract> = {
  getWebhooks: {
    resources: ({ inputs }) => [resource.webhooks(inputs.channelId)],
    async procedure({ inputs, derived }) {
      const { channel } = await requireChannel(
        derived,
        derived.requireAuth(),
        inputs.channelId,
        "manageWebhooks",
      )

      return listWebhooks(derived.db, channel.id)
    },
  },

  createWebhook: {
    resources: ({ inputs }) => [resource.webhooks(inputs.channelId)],
    async procedure({ inputs, derived, error }) {
      const { commits } = derived
      const { channelId } = inputs
      await requireChannel(derived, derived.requireAuth(), channelId, "manageWebhooks")

      const [id, token] = [crypto.randomUUID(), newWebhookToken()]
      const isCreated = await commits.decide(async (tx) => {
        if ((await countWebhooks(tx, channelId)) >= maxWebhooks) return false
        await insertWebhook(tx, {
          id,
          channelId,
          name: inputs.name,
          createdAt: new Date(),
          hash: tokenHash(token),
        })
        return true
      })
      if (!isCreated) error(`A channel has at most ${maxWebhooks} webhooks`, 400)

      return { id, token }
    },
  },

  renewWebhook: {
    resources: ({ outputs }) => [resource.webhooks(outputs.channelId)],
    async procedure({ inputs, derived }) {
      const { db, commits } = derived
      const viewer = derived.requireAuth()
      const { id, channelId } = await requireWebhook(derived, viewer, await findWebhook(db, inputs.webhookId))

      const token = newWebhookToken()
      await commits.decide((tx) => updateWebhookHash(tx, id, tokenHash(token)))
      return { id, channelId, token }
    },
  },

  deleteWebhook: {
    resources: ({ outputs }) => [resource.webhooks(outputs.channelId)],
    async procedure({ inputs, derived }) {
      const { db, commits } = derived
      const viewer = derived.requireAuth()
      const webhook = await requireWebhook(derived, viewer, await findWebhook(db, inputs.webhookId))

      await commits.decide((tx) => deleteWebhook(tx, webhook.id))
      return webhook
    },
  },

  getOutgoingWebhooks: {
    resources: ({ inputs }) => [resource.webhooks(inputs.channelId)],
    async procedure({ inputs, derived }) {
      const { channel } = await requireChannel(
        derived,
        derived.requireAuth(),
        inputs.channelId,
        "manageWebhooks",
      )

      return listOutgoing(derived.db, channel.id)
    },
  },

  createOutgoingWebhook: {
    resources: ({ inputs }) => [resource.webhooks(inputs.channelId)],
    async procedure({ inputs, derived, error }) {
      const { commits, workers } = derived
      const viewer = derived.requireAuth()
      const { channelId } = inputs
      await requireChannel(derived, viewer, channelId, "manageWebhooks")

      const [id, secret] = [crypto.randomUUID(), newSigningSecret()]
      const hook = { id, channelId, url: inputs.url, secret, createdBy: viewer.id }
      const outcome = await commits.decide(async (tx) => {
        if ((await countOutgoing(tx, channelId)) >= maxOutgoingWebhooks) return "too many"
        return (await insertOutgoing(tx, hook)) ? "created" : "no channel"
      })
      if (outcome === "too many") error(`A channel has at most ${maxOutgoingWebhooks} outgoing webhooks`, 400)
      if (outcome === "no channel") error(noSuchChannel, 404)

      workers.get(webhookDeliveries).startHook(id, channelId)
      return { id, secret }
    },
  },

  retryOutgoingWebhook: {
    resources: ({ outputs }) => [resource.webhooks(outputs.channelId)],
    async procedure({ inputs, derived, error }) {
      const { db, commits, workers } = derived
      const viewer = derived.requireAuth()
      const { id, channelId } = await requireWebhook(
        derived,
        viewer,
        await findOutgoing(db, inputs.webhookId),
      )

      const hook = await commits.decide(async (tx) => {
        await resetOutgoing(tx, id)
        return findOutgoing(tx, id)
      })
      if (!hook) return error(noSuchWebhook, 404)

      workers.get(webhookDeliveries).startHook(id, channelId)
      return hook
    },
  },

  deleteOutgoingWebhook: {
    resources: ({ outputs }) => [resource.webhooks(outputs.channelId)],
    async procedure({ inputs, derived }) {
      const { db, commits, workers } = derived
      const viewer = derived.requireAuth()
      const hook = await requireWebhook(derived, viewer, await findOutgoing(db, inputs.webhookId))

      await commits.decide((tx) => deleteOutgoing(tx, hook.id))
      workers.get(webhookDeliveries).stopHook(hook.id, hook.channelId)
      return hook
    },
  },
}
