import type { AuditAction } from "../audit-log/contract.ts"
import { recordAct } from "../audit-log/store.ts"
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

// The permission is checked again inside each commit: it may have been revoked since the call was allowed.

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
      const viewer = derived.requireAuth()
      const { channel } = await requireChannel(derived, viewer, channelId, "manageWebhooks")

      const [id, token] = [crypto.randomUUID(), newWebhookToken()]
      const isCreated = await commits.decide(async (tx) => {
        await requireChannel({ db: tx }, viewer, channelId, "manageWebhooks")
        if ((await countWebhooks(tx, channelId)) >= maxWebhooks) return false
        await insertWebhook(tx, {
          id,
          channelId,
          name: inputs.name,
          createdAt: new Date(),
          createdBy: viewer.id,
          hash: tokenHash(token),
        })
        await recordAct(tx, actOn("webhook.create", viewer, channel, { id, name: inputs.name }))
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
      const { hook, channel } = await requireWebhook(derived, viewer, await findWebhook(db, inputs.webhookId))
      const { id, channelId } = hook

      const token = newWebhookToken()
      await commits.decide(async (tx) => {
        await requireWebhook({ db: tx }, viewer, await findWebhook(tx, id))
        await updateWebhookHash(tx, id, tokenHash(token), viewer.id)
        const changes = { url: { after: "renewed" } }
        await recordAct(tx, { ...actOn("webhook.update", viewer, channel, hook), changes })
      })
      return { id, channelId, token }
    },
  },

  deleteWebhook: {
    resources: ({ outputs }) => [resource.webhooks(outputs.channelId)],
    async procedure({ inputs, derived }) {
      const { db, commits } = derived
      const viewer = derived.requireAuth()
      const { hook, channel } = await requireWebhook(derived, viewer, await findWebhook(db, inputs.webhookId))

      await commits.decide(async (tx) => {
        await requireChannel({ db: tx }, viewer, channel.id, "manageWebhooks")
        if (await deleteWebhook(tx, hook.id))
          await recordAct(tx, actOn("webhook.delete", viewer, channel, hook))
      })
      return hook
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
      const { channel } = await requireChannel(derived, viewer, channelId, "manageWebhooks")

      const [id, secret] = [crypto.randomUUID(), newSigningSecret()]
      const hook = { id, channelId, url: inputs.url, secret, createdBy: viewer.id }
      const outcome = await commits.decide(async (tx) => {
        await requireChannel({ db: tx }, viewer, channelId, "manageWebhooks")
        if ((await countOutgoing(tx, channelId)) >= maxOutgoingWebhooks) return "too many"
        if (!(await insertOutgoing(tx, hook))) return "no channel"
        await recordAct(tx, actOn("webhook.create", viewer, channel, { id, name: hostOf(inputs.url) }))
        return "created"
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
      const found = await findOutgoing(db, inputs.webhookId)
      const { id, channelId } = (await requireWebhook(derived, viewer, found)).hook

      const hook = await commits.decide(async (tx) => {
        await requireWebhook({ db: tx }, viewer, await findOutgoing(tx, id))
        await resetOutgoing(tx, id, viewer.id)
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
      const found = await findOutgoing(db, inputs.webhookId)
      const { hook, channel } = await requireWebhook(derived, viewer, found)

      await commits.decide(async (tx) => {
        await requireChannel({ db: tx }, viewer, channel.id, "manageWebhooks")
        await deleteOutgoing(tx, hook.id)
        const target = { id: hook.id, name: hostOf(hook.url) }
        await recordAct(tx, actOn("webhook.delete", viewer, channel, target))
      })
      workers.get(webhookDeliveries).stopHook(hook.id, hook.channelId)
      return hook
    },
  },
}

/** What the audit log says of a webhook: never its secret. */
function actOn(
  action: AuditAction,
  actor: { id: string; username: string },
  channel: { id: string; serverId: string },
  { id, name }: { id: string; name: string },
) {
  const changes = { channelId: { after: channel.id } }
  return { serverId: channel.serverId, actor, action, target: { id, name }, changes }
}

/** The rest of the URL may contain a secret. */
const hostOf = (url: string) => new URL(url).host
