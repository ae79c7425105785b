import type { Db } from "../../db/database.ts"
import { heldRolesVersion, listHeldRoleIds } from "../permissions/held-roles.ts"
import { markedMentions } from "./viewer-styles.ts"

/**
 * A style sheet that marks mentions of the viewer's roles as those of the viewer. Apart from `/viewers/{id}.css`, because it
 * changes with the roles.
 */
export async function heldRolesStyles(db: Db, viewerId: string, version: string | null): Promise<Response> {
  const roleIds = await listHeldRoleIds(db, viewerId)
  const isCurrent = version === heldRolesVersion(roleIds)
  const mentions = roleIds.map((id) => `[data-mentions~="${id}"]`).join(", ")
  const names = roleIds.map((id) => `[data-role="${id}"]`).join(", ")
  const rules = markedMentions(`:is(${mentions}):not([data-author="${viewerId}"])`, `:is(${names})`)
  return new Response(roleIds.length > 0 ? rules.join("\n") : "", {
    headers: {
      "content-type": "text/css; charset=utf-8",
      "cache-control": isCurrent ? "private, max-age=31536000, immutable" : "private, no-cache",
      "x-content-type-options": "nosniff",
      vary: "cookie",
    },
  })
}
