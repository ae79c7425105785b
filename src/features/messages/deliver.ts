import type { Ending } from "../../web/live/session.ts"
import type { ConnectionContext } from "../permissions/connection.ts"
import { connectChannel, endingOf } from "../rooms/live/session.ts"
import type { Services } from "../services.ts"
import { callOf, type Visit } from "../visit.ts"

/** A visit to something below a room's URL. */
export type InRoom = Visit & { params: { serverId: string; channelId: string } }

/**
 * Sends a message of a form or a request through the contract's channel `chat`. `failure` is `null` once the message is
 * stored; `userId` is the sender, unless they may not send there at all.
 */
export async function deliver(
  services: Services,
  { request, server, params }: InRoom,
  data: unknown,
): Promise<{ failure: Ending | null; userId?: string }> {
  const connection = await connectChannel(services, {
    channel: "chat",
    params,
    call: callOf(services, { request, server }),
  })
  if ("code" in connection) return { failure: connection }

  const fault = await connection.send(data)
  connection.close()
  // The contract made this context.
  const { userId } = connection.context as ConnectionContext
  return { failure: fault && endingOf(fault), userId }
}
