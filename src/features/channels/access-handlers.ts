import { eq } from "drizzle-orm"
import { channels } from "../../../drizzle/schema.ts"
import { Refusal } from "../../kernel/index.ts"
import { changesOf, recordAct } from "../audit-log/store.ts"
import { assertCan } from "../permissions/can.ts"
import { requireServerOrConversation } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
import type { ChannelAccess as Found } from "../permissions/store.ts"
import { watchViewers } from "../permissions/viewers.ts"
import { forgetSystemChannel } from "../servers/store.ts"
import type { Derived, Procedures } from "../services.ts"
import type { Channel, channelsContract } from "./contract.ts"
import { assertRoom, restrict } from "./creating.ts"
import { inChannel, resourcesOf } from "./in-channel.ts"
import { findChannel, listArchived, stored, updateArchived } from "./store.ts"

type Handlers = Procedures<typeof channelsContract>

/** Who may view a channel and write to it, and archiving. */
export const accessHandlers: Pick<
  Handlers,
  "getArchivedChannels" | "setChannelAccess" | "archiveChannel" | "unarchiveChannel"
> = {
  getArchivedChannels: {
    resources: ({ inputs }) => [resource.channels(inputs.serverId)],
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { server } = await requireServerOrConversation(derived, viewer, inputs.serverId)

      return listArchived(derived.db, server.id, viewer.id)
    },
  },

  setChannelAccess: {
    resources: ({ outputs }) => resourcesOf(outputs),
    async procedure({ inputs, derived }) {
      const { channelId, reason, ...preset } = inputs
      return inChannel(derived, { channelId, action: "manageChannels" }, async (changes, allowed) => {
        const { tx } = changes
        const { viewer, access } = allowed
        const { standing } = access
        assertCan(standing, "manageRoles")
        assertListed(access)
        const before = stored(await findChannel(tx, channelId))
        const { serverId } = before
        await watchViewers(changes, { serverId, channelIds: [channelId] }, async () => {
          await restrict(tx, { channel: before, viewer, standing }, preset)
          await tx.update(channels).set({ isSynced: false }).where(eq(channels.id, channelId)).run()
        })
        const after = stored(await findChannel(tx, channelId))
        const { isPrivate, isReadOnly } = before
        await recordAct(tx, {
          ...{ serverId, actor: viewer, action: "channel.permissions", reason },
          target: { id: channelId, name: before.name },
          changes: changesOf({ isPrivate, isReadOnly }, preset),
        })
        return after
      })
    },
  },

  archiveChannel: {
    resources: ({ outputs }) => resourcesOf(outputs),
    async procedure({ inputs, derived }) {
      return setArchived(derived, inputs, new Date())
    },
  },

  unarchiveChannel: {
    resources: ({ outputs }) => resourcesOf(outputs),
    async procedure({ inputs, derived }) {
      return setArchived(derived, inputs, null)
    },
  },
}

/** Archives a channel, or brings it back; one that is already as asked stays as it is. */
async function setArchived(
  derived: Derived,
  { channelId, reason }: { channelId: string; reason?: string },
  archivedAt: Date | null,
): Promise<Channel> {
  return inChannel(derived, { channelId, action: "manageChannels" }, async ({ tx }, { viewer, access }) => {
    assertListed(access)
    const before = stored(await findChannel(tx, channelId))
    if ((before.archivedAt === null) === (archivedAt === null)) return before

    const { serverId, name } = before
    if (archivedAt === null) await assertRoom(tx, serverId, before.categoryId)
    else await forgetSystemChannel(tx, serverId, channelId)
    const action = archivedAt ? "channel.archive" : "channel.unarchive"
    await recordAct(tx, { serverId, actor: viewer, action, target: { id: channelId, name }, reason })
    return updateArchived(tx, channelId, archivedAt)
  })
}

/** Fails: 400 for a thread, which is in no list and has the permissions of its channel. */
function assertListed({ channel }: Found): void {
  if (channel.parentId !== null) throw new Refusal("A thread has no place of its own in the server", 400)
}
