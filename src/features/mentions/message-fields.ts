import { z } from "zod"

const Mention = z.object({ userId: z.string(), username: z.string() })
const RoleMention = z.object({ roleId: z.string(), name: z.string() })
const ChannelMention = z.object({ id: z.string(), name: z.string() })

export const mentionsFields = {
  extras: {
    /** The mentioned users, by their names at that time; all members at once are `everyone`. */
    mentions: z.array(Mention).optional(),
    /** The mentioned roles, by their names at that time: each of their holders is mentioned. */
    roles: z.array(RoleMention).optional(),
    /** The mentioned channels, by their names at that time. */
    channels: z.array(ChannelMention).optional(),
  },
}
