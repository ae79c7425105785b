import { z } from "zod"
import { channel } from "../../kernel/index.ts"
import { ConnectionRequest } from "../messages/contract.ts"
import { ConnectionContext } from "../permissions/connection.ts"

/** How long a user counts as typing after their last typing event. Source: Discord, 10 s. */
export const typingSeconds = 8

const StatusMessage = z.object({
  userId: z.string(),
  username: z.string(),
  status: z.enum(["typing", "online", "idle", "offline"]),
})
export type StatusMessage = z.infer<typeof StatusMessage>

export const presenceChannels = {
  /** Who is online and who is typing. Not stored, and the first to be dropped under load. Faults: 401, 403, 404. */
  presence: channel({
    clientMessage: z.object({ status: z.enum(["typing", "online", "idle"]) }),
    serverMessage: StatusMessage,
    connectionRequest: ConnectionRequest,
    connectionContext: ConnectionContext,
    params: ["channelId"],
  }),
}
