import { Refusal } from "../../kernel/index.ts"
import { assertCan } from "../permissions/can.ts"
import { explain } from "../permissions/explain.ts"
import { requireCategory } from "../permissions/places.ts"
import { requireChannel, requireServer } from "../permissions/require.ts"
import {
  factsOf,
  findSubject,
  findSubjectPlace,
  listSubjectPlaces,
  permissionsOfSubject,
  type Subject,
  type SubjectKey,
} from "../permissions/subjects.ts"
import { noSuchCategory } from "../permissions/wording.ts"
import type { Derived, Procedures } from "../services.ts"
import { tryChange } from "./changes.ts"
import type { permissionChecksContract } from "./contract.ts"

export const permissionChecksHandlers: Procedures<typeof permissionChecksContract> = {
  explainPermissions: {
    async procedure({ inputs, derived }) {
      const { db } = derived
      const viewer = derived.requireAuth()
      const { channelId, userId, roleId } = inputs
      const at =
        channelId && (await requireChannel(derived, viewer, { channelId, serverId: inputs.serverId }))
      const serverId = at ? at.channel.serverId : (inputs.serverId ?? "")
      const { standing } = await requireServer(derived, viewer, serverId)
      if (userId !== viewer.id) assertCan(standing, "manageRoles")

      const subject = await requireSubject(derived, serverId, { userId, roleId })
      const place = channelId ? await findSubjectPlace(db, subject, channelId) : undefined
      return {
        serverId,
        channel: place ? { id: place.id, name: place.name } : null,
        subject: shown(subject),
        permissions: explain(factsOf(subject, place ?? null)),
      }
    },
  },

  viewServerAs: {
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { serverId } = inputs
      await requireServer(derived, viewer, serverId, "manageRoles")
      const subject = await requireSubject(derived, serverId, inputs)

      const places = await listSubjectPlaces(derived.db, subject, { serverId, viewerId: viewer.id })
      const channels = places.map((place) => ({
        ...{ id: place.id, name: place.name, isLocked: place.isLocked, isArchived: place.isArchived },
        permissions: String(permissionsOfSubject(subject, place)),
      }))
      return { subject: shown(subject), channels }
    },
  },

  previewPermissionChange: {
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { serverId, change } = inputs
      await requireServer(derived, viewer, serverId, "manageRoles")
      if (change.kind === "overwrite") await requireChannel(derived, viewer, { ...change, serverId })
      if (change.kind === "categoryOverwrite") {
        const { category } = await requireCategory(derived, viewer, change.categoryId, "manageRoles")
        if (category.serverId !== serverId) throw new Refusal(noSuchCategory, 404)
      }
      if (change.kind === "memberRole" || change.kind === "memberRoles")
        await requireSubject(derived, serverId, { userId: change.userId })

      const changes = await tryChange(derived.commits, change, { serverId, viewerId: viewer.id })
      return { isComplete: changes !== undefined, changes: changes ?? [] }
    },
  },
}

/** Fails: 404 (no such member or role in the server). */
async function requireSubject(
  { db }: Pick<Derived, "db">,
  serverId: string,
  { userId, roleId }: SubjectKey,
): Promise<Subject> {
  const subject = await findSubject(db, serverId, { userId, roleId })
  if (!subject)
    throw new Refusal(userId === undefined ? "There is no such role" : "There is no such member", 404)
  return subject
}

function shown({ kind, id, name }: Subject) {
  return { kind, id, name }
}
