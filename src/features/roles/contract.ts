import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { Reason } from "../audit-log/contract.ts"
import { Name } from "../names.ts"
import { PermissionSet } from "../permission-set.ts"

/** Roles of a server, `@everyone` included. Source: Discord, 250. */
export const maxRoles = 250
export const maxColor = 0xff_ff_ff

/** A role, with the names of Discord's API. */
export const Role = z.object({
  /** That of `@everyone` is the server's id. */
  id: z.string(),
  serverId: z.string(),
  name: z.string(),
  /** 0xRRGGBB; 0 for none. */
  color: z.int(),
  /** Members with this role are listed apart from others. */
  hoist: z.boolean(),
  /** Everyone may mention it. */
  mentionable: z.boolean(),
  /** 0 for `@everyone`; others are numbered from 1, and higher ones act on lower ones. */
  position: z.int(),
  permissions: PermissionSet,
})
export type Role = z.infer<typeof Role>

const fields = {
  name: Name,
  color: z.int().min(0).max(maxColor),
  hoist: z.boolean(),
  mentionable: z.boolean(),
  permissions: PermissionSet,
}

const OfServer = z.object({ serverId: z.string() })
const OfRole = OfServer.extend({ roleId: z.string(), reason: Reason })
const OfMember = OfRole.extend({ userId: z.string() })
const meta = { bots: true } as const

/**
 * Those who change roles need the permission to manage them. They may change only roles below their own highest one, and
 * only permissions that they have themselves; the owner may change all.
 */
export const rolesContract = {
  /** A server's roles, highest first; the last one is `@everyone`. Fails: 401, 403 (not a member), 404. */
  getRoles: query({ input: OfServer, output: z.array(Role), meta }),
  /** Creates the lowest role above `@everyone`. Fails: 401, 403, 404, 400 (too many roles). */
  createRole: mutation({
    input: OfServer.extend({ ...z.object(fields).partial().shape, reason: Reason }),
    output: Role,
    meta,
  }),
  /**
   * Changes what is given. Of `@everyone` only the permissions can be changed: otherwise 400. Fails: 401, 403, 404 (no such
   * server or role).
   */
  updateRole: mutation({ input: OfRole.extend(z.object(fields).partial().shape), output: Role, meta }),
  /** Deletes a role; its members lose what it allowed. Fails: 401, 403, 404, 400 (`@everyone`). */
  deleteRole: mutation({ input: OfRole, output: z.null(), meta }),
  /**
   * Moves roles to these positions, counted from 1 for the lowest; the others keep their order around them. Returns all
   * roles, highest first. Fails: 401, 403 (a role would move that is not below one's highest), 404, 400 (a role twice).
   */
  moveRoles: mutation({
    input: OfServer.extend({
      positions: z
        .array(z.object({ id: z.string(), position: z.int().min(0).max(maxRoles) }))
        .min(1)
        .max(maxRoles)
        .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, "A role is listed twice"),
      reason: Reason,
    }),
    output: z.array(Role),
    meta,
  }),
  /** Gives a member a role; nothing happens if they have it. Fails: 401, 403, 404 (no such server, role or member), 400. */
  giveRole: mutation({ input: OfMember, output: z.null(), meta }),
  /** Takes a role from a member; nothing happens if they do not have it. Fails: like `giveRole`. */
  takeRole: mutation({ input: OfMember, output: z.null(), meta }),
}
