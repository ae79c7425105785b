import { Elysia } from "elysia"
import { goTo, wantsFragment, wantsJson } from "../../web/reply.ts"
import { field } from "../form-fields.ts"
import { requireChannel, requireServer } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { act, orThrow, requireViewer, type Visit } from "../visit.ts"

/** Saying what one has read: a page's script says it by itself, forms say it where there is none. */
export function readingRoutes(services: Services) {
  return new Elysia()
    .post("/servers/:serverId/channels/:channelId/read", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { channel } = await requireChannel(services, viewer, visit.params)
      const channelId = channel.id
      const position = field(visit.body, "position")
      orThrow(
        position === ""
          ? await act(services, visit, "markChannelRead", { channelId })
          : await act(services, visit, "markRead", { channelId, position: Number(position) }),
      )
      return done(visit, `/servers/${visit.params.serverId}/channels/${channelId}`)
    })
    .post("/servers/:serverId/read", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const { server } = await requireServer(services, viewer, visit.params.serverId)
      orThrow(await act(services, visit, "markServerRead", { serverId: server.id }))
      return done(visit, `/servers/${server.id}`)
    })
    .post("/messages/:messageId/unread", async (visit) => {
      await requireViewer(services, visit)
      const { messageId } = visit.params
      const { serverId, channelId } = orThrow(await act(services, visit, "markUnread", { messageId }))
      return done(visit, `/servers/${serverId}/channels/${channelId}?unread`, {
        "log:unread": { messageId, channelId },
      })
    })
}

/** The page shows it by itself; one without a script is loaded again. */
function done({ request }: Visit, location: string, events: object = {}): Response {
  if (!wantsFragment(request) && !wantsJson(request)) return goTo(request, location)

  const trigger = JSON.stringify({ "dialog:close": null, ...events })
  return new Response(null, { status: 204, headers: { "hx-trigger": trigger } })
}
