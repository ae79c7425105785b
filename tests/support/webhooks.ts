import { expectData } from "./chat.ts"
import type { TestServer } from "./server.ts"

export const json = { "content-type": "application/json" }

/** A webhook of the room, by its address, and a way to post to it. */
export async function createWebhook({ cast, general, origin }: TestServer, name = "Builds") {
  const made = await cast.alice.client.mutate("createWebhook", { channelId: general.id, name })
  const { id, token } = expectData(made)
  const post = (address: string, body: unknown, method = "POST", headers: Record<string, string> = {}) =>
    fetch(address, { method, headers: { ...json, ...headers }, body: JSON.stringify(body) })
  return { address: `${origin}/api/webhooks/${id}/${token}`, post }
}

export async function messagesOf({ cast, general }: TestServer) {
  return expectData(await cast.bob.client.query("getMessages", { channelId: general.id }))
}
