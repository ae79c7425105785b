import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { Reason } from "../audit-log/contract.ts"
import { Channel, maxChannels } from "../channels/contract.ts"
import { Name } from "../names.ts"

/** Most categories in a server. */
export const maxCategories = 50
const maxPosition = 100_000

/** A group of channels. */
export const Category = z.object({
  id: z.string(),
  serverId: z.string(),
  name: z.string(),
  /** Equal positions: oldest first. */
  position: z.int(),
  createdAt: z.date(),
})
export type Category = z.infer<typeof Category>

/** A category as one viewer sees it. */
export const SeenCategory = Category.extend({
  /** The viewer has collapsed it. */
  isCollapsed: z.boolean(),
})
export type SeenCategory = z.infer<typeof SeenCategory>

const position = z.int().min(0).max(maxPosition)
const ofCategory = z.object({ categoryId: z.string() })

/** Are the ids of a list all different? */
const distinct = (list: { id: string }[]) => new Set(list.map(({ id }) => id)).size === list.length

export const categoriesContract = {
  /**
   * A server's categories in their order: those with a channel that the viewer may view, and those that they may manage.
   * Fails: 401, 403 (not a member), 404.
   */
  getCategories: query({
    input: z.object({ serverId: z.string() }),
    output: z.array(SeenCategory),
    meta: { bots: true },
  }),
  /** Creates a category below the others. Fails: 401, 403, 404, 400 (name; too many categories). */
  createCategory: mutation({
    input: z.object({ serverId: z.string(), name: Name, reason: Reason }),
    output: Category,
    meta: { bots: true },
  }),
  /** Fails: 401, 403, 404, 400. */
  renameCategory: mutation({
    input: ofCategory.extend({ name: Name, reason: Reason }),
    output: Category,
    meta: { bots: true },
  }),
  /** Deletes a category; its channels remain, without a category and with their permissions. Fails: 401, 403, 404. */
  deleteCategory: mutation({
    input: ofCategory.extend({ reason: Reason }),
    output: Category,
    meta: { bots: true },
  }),
  /**
   * Orders a server's categories and channels; those that are not named stay where they are. A channel that is synced with
   * its category gets the permissions of the one it is moved to, others keep theirs. Returns the channels as
   * `getChannels` does. Fails: 401, 403 (no permission to manage a channel or category), 404, 400 (too many in a category).
   */
  moveChannels: mutation({
    input: z.object({
      serverId: z.string(),
      categories: z
        .array(z.object({ id: z.string(), position }))
        .max(maxCategories)
        .refine(distinct, "Name each category once")
        .optional(),
      channels: z
        .array(z.object({ id: z.string(), position, categoryId: z.string().nullable() }))
        .max(maxChannels)
        .refine(distinct, "Name each channel once")
        .optional(),
      reason: Reason,
    }),
    output: z.array(Channel),
    meta: { bots: true },
  }),
  /** Collapses a category in the viewer's own lists. Fails: 401, 403 (not a member), 404. */
  collapseCategory: mutation({ input: ofCategory, output: z.null() }),
  /** Shows the channels of a collapsed category again. Fails: 401, 403 (not a member), 404. */
  expandCategory: mutation({ input: ofCategory, output: z.null() }),
}
