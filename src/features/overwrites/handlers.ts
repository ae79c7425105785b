import type { Db } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
import { recordAct } from "../audit-log/store.ts"
import type { ChangeSet } from "../change-set.ts"
import { findMember } from "../members/store.ts"
import { resource } from "../permissions/resources.ts"
import { watchViewers } from "../permissions/viewers.ts"
import { noSuchRole } from "../roles/require-role.ts"
import { findRole } from "../roles/store.ts"
import type { Procedures } from "../services.ts"
import { maxOverwrites, type overwritesContract, type PermissionOverwrite } from "./contract.ts"
import { assertMayReplace, assertMayReplaceAll } from "./may-replace.ts"
import { requirePlace } from "./require-place.ts"
import {
  deleteOverwrite,
  findSync,
  listAffected,
  listOverwrites,
  type Place,
  putOverwrite,
  syncChannel,
} from "./store.ts"

interface OfPlace {
  inputs: { serverId: string; channelId?: string }
}

const resourcesOf = ({ inputs: { serverId, channelId } }: OfPlace) => [
  resource.channels(serverId),
  resource.auditLog(serverId),
  ...(channelId === undefined ? [] : [resource.channel(channelId)]),
]

// Who may do it is decided inside the commit: what the viewer may do can change until then.

export const overwritesHandlers: Procedures<typeof overwritesContract> = {
  getOverwrites: {
    resources: resourcesOf,
    async procedure({ inputs, derived }) {
      const place = await requirePlace(derived.db, derived.requireAuth(), inputs)
      return listOverwrites(derived.db, place)
    },
  },

  setOverwrite: {
    resources: resourcesOf,
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { serverId, id, type, allow, deny, reason } = inputs
      await requirePlace(derived.db, viewer, inputs)

      const after: PermissionOverwrite = { id, type, allow, deny }
      await derived.publisher.decide(async (changes) => {
        const { tx } = changes
        const place = await requirePlace(tx, viewer, inputs)
        const name = await requireTarget(tx, serverId, after)
        const all = await listOverwrites(tx, place)
        const before = all.find((overwrite) => overwrite.id === id)
        if (!before && all.length >= maxOverwrites)
          throw new Refusal(`There are at most ${maxOverwrites} overwrites in one place`, 400)
        if (before?.allow === allow && before.deny === deny) return

        assertMayReplace(place.standing, before, after)
        const kind = type === 1 ? "member" : id === serverId ? "everyone" : "role"
        const stored = { targetId: id, kind, allow: Number(allow), deny: Number(deny) } as const
        await watch(changes, { serverId, place, target: after }, () => putOverwrite(tx, place, stored))
        await recordAct(tx, { serverId, actor: viewer, reason, ...actOf(place, name, before, after) })
      })
      return after
    },
  },

  deleteOverwrite: {
    resources: resourcesOf,
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { serverId, id, reason } = inputs
      await requirePlace(derived.db, viewer, inputs)

      await derived.publisher.decide(async (changes) => {
        const { tx } = changes
        const place = await requirePlace(tx, viewer, inputs)
        const before = (await listOverwrites(tx, place)).find((overwrite) => overwrite.id === id)
        if (!before) throw new Refusal("There is no such overwrite", 404)

        assertMayReplace(place.standing, before, undefined)
        await watch(changes, { serverId, place, target: before }, () => deleteOverwrite(tx, place, id))
        const name = await findTargetName(tx, serverId, before)
        await recordAct(tx, { serverId, actor: viewer, reason, ...actOf(place, name, before, undefined) })
      })
      return null
    },
  },

  syncOverwrites: {
    resources: resourcesOf,
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { serverId, channelId, reason } = inputs
      await requirePlace(derived.db, viewer, inputs)

      return derived.publisher.decide(async (changes) => {
        const { tx } = changes
        const place = await requirePlace(tx, viewer, inputs)
        const sync = await findSync(tx, channelId)
        if (!sync?.categoryId) throw new Refusal("This channel is in no category", 400)
        const before = await listOverwrites(tx, place)
        if (sync.isSynced) return before

        const after = await listOverwrites(tx, { kind: "category", id: sync.categoryId })
        assertMayReplaceAll(place.standing, before, after)
        const { categoryId } = sync
        await watchViewers(changes, { serverId, channelIds: [channelId] }, () =>
          syncChannel(tx, channelId, categoryId),
        )
        const changed = { isSynced: { before: false, after: true } }
        const act = { action: "channel.permissions", target: place, changes: changed } as const
        await recordAct(tx, { serverId, actor: viewer, reason, ...act })
        return after
      })
    },
  },
}

/** The name of the role or member. Fails: 404. */
async function requireTarget(
  db: Db,
  serverId: string,
  target: Pick<PermissionOverwrite, "id" | "type">,
): Promise<string> {
  const name = await findTargetName(db, serverId, target)
  if (name !== undefined) return name

  throw new Refusal(target.type === 0 ? noSuchRole : "There is no such member", 404)
}

async function findTargetName(
  db: Db,
  serverId: string,
  { id, type }: Pick<PermissionOverwrite, "id" | "type">,
) {
  if (type === 0) return (await findRole(db, { serverId, roleId: id }))?.name
  return (await findMember(db, serverId, id))?.username
}

interface Change {
  serverId: string
  place: Place
  target: Pick<PermissionOverwrite, "id" | "type">
}

/** Runs the write, and ends the access of those who may no longer view a channel after it. */
async function watch(
  changes: ChangeSet,
  { serverId, place, target }: Change,
  write: () => Promise<void>,
): Promise<void> {
  const whom = target.type === 1 ? { userId: target.id } : { roleId: target.id }
  const channelIds = await listAffected(changes.tx, place)
  await watchViewers(changes, { serverId, channelIds, ...whom }, write)
}

function actOf(
  place: Place & { name: string },
  name: string | undefined,
  before: PermissionOverwrite | undefined,
  after: PermissionOverwrite | undefined,
) {
  const whose = { before: before && name, after: after && name }
  return {
    action: `${place.kind}.permissions` as const,
    target: { id: place.id, name: place.name },
    changes: {
      of: whose,
      allow: { before: before?.allow, after: after?.allow },
      deny: { before: before?.deny, after: after?.deny },
    },
  }
}
