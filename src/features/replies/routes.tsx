import { Elysia } from "elysia"
import { goTo } from "../../web/reply.ts"
import { requireMessage } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { requireViewer } from "../visit.ts"

/** Answering a message: the room with a composer that says so. Scripts do it in the page that is open. */
export function repliesRoutes(services: Services) {
  return new Elysia().get("/messages/:messageId/reply", async (visit) => {
    const viewer = await requireViewer(services, visit)
    const { message } = await requireMessage(services, viewer, visit.params.messageId)
    const { id, serverId, channelId, deletedAt } = message
    const room = `/servers/${serverId}/channels/${channelId}`
    return goTo(visit.request, deletedAt ? room : `${room}?reply=${id}`)
  })
}
