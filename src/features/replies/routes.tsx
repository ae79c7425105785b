import { Elysia } from "elysia"
import { goTo } from "../../web/reply.ts"
import { requireMessage } from "../messages/page.ts"
import type { Services } from "../services.ts"

/** Answering a message: the room with a composer that says so. Scripts do it in the page that is open. */
export function repliesRoutes(services: Services) {
  return new Elysia().get("/messages/:messageId/reply", async (visit) => {
    const { message } = await requireMessage(services, visit)
    const { id, serverId, channelId, deletedAt } = message
    const room = `/servers/${serverId}/channels/${channelId}`
    return goTo(visit.request, deletedAt ? room : `${room}?reply=${id}`)
  })
}
