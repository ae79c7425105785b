import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { Reason } from "../audit-log/contract.ts"
import { Name, withoutInvisible } from "../names.ts"

/** Longest description of a server, in UTF-16 code units. */
export const maxDescriptionLength = 300

export const Server = z.object({
  id: z.string(),
  name: z.string(),
  ownerId: z.string(),
  /** What it is about; possibly empty. */
  description: z.string(),
  /** The path of its icon, a square of 128 pixels, with `?size=512` a larger one; for members. `null` without one. */
  iconUrl: z.string().nullable(),
  /** The path of its banner, at most 480 pixels wide, with `?size=1600` a larger one; for members. `null` without one. */
  bannerUrl: z.string().nullable(),
  createdAt: z.date(),
})
export type Server = z.infer<typeof Server>

const Description = z
  .string()
  .overwrite((text) => withoutInvisible(text.toWellFormed()).replace(/\s+/g, " ").trim())
  .refine(
    (text) => text.length <= maxDescriptionLength,
    `A description has at most ${maxDescriptionLength} characters`,
  )

/** Most servers one person may own. Source: Discord lets a person be in 100. */
export const maxServersOwned = 100

/** Most servers that one call orders. */
export const maxServersOrdered = 1000

export const serversContract = {
  /** The viewer's servers in their own order, in which new ones are last. Fails: 401. */
  getServers: query({ input: z.null(), output: z.array(Server), meta: { bots: true } }),
  /**
   * Orders the viewer's servers, for them alone: those named here first, then the others as they were. Ids of servers that the
   * viewer is not in are ignored. Returns all, as `getServers` does. Fails: 401, 400 (one is named twice; too many).
   */
  orderServers: mutation({
    input: z.object({
      serverIds: z
        .array(z.string())
        .max(maxServersOrdered)
        .refine((ids) => new Set(ids).size === ids.length, "Name each server once"),
    }),
    output: z.array(Server),
  }),
  /** Creates a server; the viewer becomes its owner and first member. Fails: 401, 400 (name; too many servers). */
  createServer: mutation({ input: z.object({ name: Name }), output: Server }),
  /** Changes the given fields. Fails: 401, 403 (without the permission to manage the server), 404, 400. */
  updateServer: mutation({
    input: z.object({
      serverId: z.string(),
      name: Name.optional(),
      description: Description.optional(),
      reason: Reason,
    }),
    output: Server,
    meta: { bots: true },
  }),
  /** The channel to which the server itself sends, such as a welcome; `null` for none. Fails: 401, 403 (not a member), 404. */
  getSystemChannel: query({
    input: z.object({ serverId: z.string() }),
    output: z.object({ channelId: z.string().nullable() }),
    meta: { bots: true },
  }),
  /** Sets that channel, or with `null` none. Fails: 401, 403 (without the permission to manage the server), 404, 400 (a thread). */
  setSystemChannel: mutation({
    input: z.object({ serverId: z.string(), channelId: z.string().nullable(), reason: Reason }),
    output: z.object({ channelId: z.string().nullable() }),
    meta: { bots: true },
  }),
  /** Removes the icon; a new one is uploaded with the form of the settings. Fails: 401, 403, 404. */
  removeServerIcon: mutation({ input: z.object({ serverId: z.string(), reason: Reason }), output: Server }),
  /** Removes the banner; a new one is uploaded with the form of the settings. Fails: 401, 403, 404. */
  removeServerBanner: mutation({ input: z.object({ serverId: z.string(), reason: Reason }), output: Server }),
  /** Fails: 401, 403, 404, 400. */
  renameServer: mutation({ input: z.object({ serverId: z.string(), name: Name }), output: Server }),
  /** Deletes a server with its channels and ends every live connection to it. Fails: 401, 403, 404. */
  deleteServer: mutation({ input: z.object({ serverId: z.string() }), output: z.null() }),
}
