import type { Db } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
import { assertAbove } from "../permissions/grants.ts"
import { requireServer } from "../permissions/require.ts"
import type { Identity } from "../permissions/standing.ts"
import { findRole } from "./store.ts"

export const noSuchRole = "There is no such role"

/** Finds a role for the pages, which show higher ones too. Fails: 404 (no such server or role), 403. */
export async function requireListedRole(db: Db, viewer: Identity, at: { serverId: string; roleId: string }) {
  const access = await requireServer({ db }, viewer, at.serverId, "manageRoles")
  const role = await findRole(db, at)
  if (!role) throw new Refusal(noSuchRole, 404)

  return { access, role }
}

/** Finds a role that the viewer may manage. Fails: 404 (no such server or role), 403. */
export async function requireRole(db: Db, viewer: Identity, at: { serverId: string; roleId: string }) {
  const { server, standing } = await requireServer({ db }, viewer, at.serverId, "manageRoles")
  const role = await findRole(db, at)
  if (!role) throw new Refusal(noSuchRole, 404)

  assertAbove(standing, role)
  return { server, standing, role, isEveryone: role.id === role.serverId }
}
