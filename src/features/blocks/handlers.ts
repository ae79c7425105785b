import { findKnownPerson } from "../conversations/store.ts"
import { resource } from "../permissions/resources.ts"
import type { Procedures } from "../services.ts"
import { type blocksContract, maxBlocked } from "./contract.ts"
import { deleteBlock, insertBlock, listBlocked, listBlockedIds } from "./store.ts"

/** Blocking a user also changes the viewer's unread mentions. */
const resources = (userId: string | undefined) => [resource.blocks(userId), resource.reading(userId)]

export const blocksHandlers: Procedures<typeof blocksContract> = {
  getBlockedUsers: {
    resources: ({ ctx }) => [resource.blocks(ctx.viewer?.id)],
    async procedure({ derived }) {
      return listBlocked(derived.db, derived.requireAuth().id)
    },
  },

  blockUser: {
    resources: ({ ctx }) => resources(ctx.viewer?.id),
    async procedure({ inputs, derived, error }) {
      const { db, commits, sessions } = derived
      const { id: userId } = derived.requireAuth()
      if (inputs.userId === userId) error("You cannot block yourself", 400)
      if (!(await findKnownPerson(db, userId, inputs.userId))) error("There is no such user", 404)

      await commits.decide(async (tx) => {
        if ((await listBlockedIds(tx, userId)).length >= maxBlocked)
          error(`You have already blocked ${maxBlocked} users. Unblock one first`, 400)
        await insertBlock(tx, { userId, blockedId: inputs.userId })
      })
      sessions.forget({ userId })
      return null
    },
  },

  unblockUser: {
    resources: ({ ctx }) => resources(ctx.viewer?.id),
    async procedure({ inputs, derived, error }) {
      const { commits, sessions } = derived
      const { id: userId } = derived.requireAuth()

      const isUnblocked = await commits.decide((tx) => deleteBlock(tx, { userId, blockedId: inputs.userId }))
      sessions.forget({ userId })
      return isUnblocked ? null : error("You have not blocked this user", 404)
    },
  },
}
