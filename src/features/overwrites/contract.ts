import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { Reason } from "../audit-log/contract.ts"
import { PermissionSet } from "../permission-set.ts"

/** Overwrites of one channel or category. Source: Discord API docs, JSON error code 30060. */
export const maxOverwrites = 1000

/** What a channel allows and denies to a role or a member, other than the server. The shape is Discord's. */
export const PermissionOverwrite = z.object({
  /** Of a role (`@everyone` has the server's id) or a member. */
  id: z.string(),
  /** 0: a role, 1: a member. */
  type: z.union([z.literal(0), z.literal(1)]),
  allow: PermissionSet,
  deny: PermissionSet,
})
export type PermissionOverwrite = z.infer<typeof PermissionOverwrite>

/** A channel or a category of the server. */
const Place = z.object({
  serverId: z.string(),
  channelId: z.string().optional(),
  categoryId: z.string().optional(),
})
type Place = z.infer<typeof Place>

const isOnePlace = ({ channelId, categoryId }: Place) =>
  (channelId === undefined) !== (categoryId === undefined)
const onePlace = "Name either a channel or a category"

const isConsistent = ({ allow, deny }: { allow: string; deny: string }) => {
  const areSets = [allow, deny].every((set) => /^\d{1,16}$/.test(set))
  return !areSets || (BigInt(allow) & BigInt(deny)) === 0n
}

const meta = { bots: true } as const

/**
 * Those who change overwrites need the permission to manage roles in the channel (for a category: in the server), and may
 * change only permissions that they have there. Threads have the permissions of the channel that they are in.
 */
export const overwritesContract = {
  /** The overwrites of a channel or category. Fails: 401, 403 (without the permission to manage roles there), 404, 400. */
  getOverwrites: query({
    input: Place.refine(isOnePlace, onePlace),
    output: z.array(PermissionOverwrite),
    meta,
  }),
  /**
   * Sets the overwrite of one role or member. A category's are copied to its synced channels; a channel that gets its own
   * is no longer synced. Fails: 401, 403, 404 (no such channel, category, role or member), 400 (a thread; too many).
   */
  setOverwrite: mutation({
    input: Place.extend({ ...PermissionOverwrite.shape, reason: Reason })
      .refine(isOnePlace, onePlace)
      .refine(isConsistent, "A permission is either allowed or denied"),
    output: PermissionOverwrite,
    meta,
  }),
  /** Removes an overwrite, in the same way. Fails: 401, 403, 404 (also: no such overwrite), 400 (a thread). */
  deleteOverwrite: mutation({
    input: Place.extend({ id: z.string(), reason: Reason }).refine(isOnePlace, onePlace),
    output: z.null(),
    meta,
  }),
  /** Gives a channel the overwrites of its category, now and from now on. Fails: 401, 403, 404, 400 (in no category). */
  syncOverwrites: mutation({
    input: z.object({ serverId: z.string(), channelId: z.string(), reason: Reason }),
    output: z.array(PermissionOverwrite),
    meta,
  }),
}
