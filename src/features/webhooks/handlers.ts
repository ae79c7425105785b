import type { ProcedureRefuse } from "../../kernel/index.ts"
import { requireOwnChannel } from "../channels/policy.ts"
import type { Derived, Procedures } from "../derived.ts"
import { maxWebhooks, type webhooksContract } from "./contract.ts"
import {
  countWebhooks,
  deleteWebhook,
  findWebhook,
  insertWebhook,
  listWebhooks,
  updateWebhookHash,
} from "./store.ts"
import { hashOf, newWebhookToken } from "./tokens.ts"

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
}

/** A webhook in a server of the viewer's. Fails: 401, 403, 404; whoever is not in the server learns nothing of it. */
async function requireWebhook(derived: Derived, id: string, error: ProcedureRefuse) {
  derived.requireAuth()
  const noSuch = () => error("There is no such webhook", 404)
  const webhook = findWebhook(derived.db, id) ?? noSuch()
  await requireOwnChannel(derived, webhook.channelId, (message, code) =>
    code === 403 && message.includes("member") ? noSuch() : error(message, code),
  )
  return webhook
}
