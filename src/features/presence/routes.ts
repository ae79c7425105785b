import { Elysia } from "elysia"
import { retryHeaders } from "../../web/reply.ts"
import { requireRoom } from "../channels/page.ts"
import { field } from "../forms.tsx"
import { connect, endingOf } from "../messages/session.ts"
import { callOf, requireViewer, type Site, Unshown } from "../site.ts"

/** What a page says of its reader where it has no socket to say it over. */
export function presenceRoutes(site: Site) {
  return new Elysia().post("/servers/:serverId/channels/:channelId/presence", async (visit) => {
    const { id: channelId } = await requireRoom(site, await requireViewer(site, visit), visit.params)
    const connection = await connect(site, "presence", { channelId }, callOf(site, visit))
    if ("code" in connection) throw new Unshown(connection.code, connection.message)

    const fault = await connection.send({ status: field(visit.body, "status") })
    connection.close()
    if (!fault) return new Response(null, { status: 204 })

    const { code, message, retryAfterSeconds } = endingOf(fault)
    return new Response(message, { status: code, headers: retryHeaders({ retryAfterSeconds }) })
  })
}
