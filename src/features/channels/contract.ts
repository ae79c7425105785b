import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { Name } from "../names.ts"

export const Channel = z.object({
  id: z.string(),
  serverId: z.string(),
  name: z.string(),
  createdAt: z.date(),
})
export type Channel = z.infer<typeof Channel>

/** Most channels in a server. Source: Discord, 500. */
export const maxChannels = 500

export const channelsContract = {
  /** A server's text channels, oldest first. Fails: 401, 403 (not a member). */
  getChannels: query({
    input: z.object({ serverId: z.string() }),
    output: z.array(Channel),
    meta: { bots: true },
  }),
  /** Fails: 401, 403 (not the owner), 400 (name; too many channels). */
  createChannel: mutation({ input: z.object({ serverId: z.string(), name: Name }), output: Channel }),
  /** Fails: 401, 403 (not the owner), 404, 400. */
  renameChannel: mutation({ input: z.object({ channelId: z.string(), name: Name }), output: Channel }),
  /** Deletes a channel and its log, and ends every live connection to it. Returns the deleted channel. Fails: 401, 403, 404. */
  deleteChannel: mutation({ input: z.object({ channelId: z.string() }), output: Channel }),
}
