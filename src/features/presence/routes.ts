import { Elysia } from "elysia"
import { Refusal } from "../../kernel/index.ts"
import { retryHeaders } from "../../web/reply.ts"
import { field } from "../form-fields.ts"
import { requireChannel } from "../permissions/require.ts"
import { connectChannel, endingOf } from "../rooms/live/session.ts"
import type { Services } from "../services.ts"
import { callOf, requireViewer } from "../visit.ts"

/** A status that a page without a socket sends: typing, online, idle. */
export function presenceRoutes(services: Services) {
  return new Elysia().post("/servers/:serverId/channels/:channelId/presence", async (visit) => {
    const { channel } = await requireChannel(services, await requireViewer(services, visit), visit.params)
    const connection = await connectChannel(services, {
      channel: "presence",
      params: { channelId: channel.id },
      call: callOf(services, visit),
    })
    if ("code" in connection) throw new Refusal(connection.message, connection.code)

    const fault = await connection.send({ status: field(visit.body, "status") })
    connection.close()
    if (!fault) return new Response(null, { status: 204 })

    const { code, message, retryAfterSeconds } = endingOf(fault)
    return new Response(message, { status: code, headers: retryHeaders({ retryAfterSeconds }) })
  })
}
