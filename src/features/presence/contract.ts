import { z } from "zod"
import { channel } from "../../kernel/index.ts"
import { ConnectionRequest } from "../messages/contract.ts"
import { ConnectionContext } from "../permissions/connection.ts"

/** How long a user counts as typing after their last typing event. Source: Discord, 10 s. */
export const typingSeconds = 8

const StatusMessage = z.object({
  userId: z.string(),
  username: z.string(),
  status: z.enum(["typing", "online", "idle", "doNotDisturb", "offline"]),
  /** The name that the user chose, and what they are called in the server; missing where they did not change. */
  displayName: z.string().nullish(),
  nickname: z.string().nullish(),
  /** The path of the user's picture. Only in messages that say that names or picture changed. */
  avatarUrl: z.string().nullish(),
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
