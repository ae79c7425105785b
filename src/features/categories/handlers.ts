import { Refusal } from "../../kernel/index.ts"
import type { Viewer } from "../accounts/sessions.ts"
import { changesOf, recordAct } from "../audit-log/store.ts"
import type { ChangeSet } from "../change-set.ts"
import { requireCategory, requireCategoryOfMember } from "../permissions/places.ts"
import { requireServer } from "../permissions/require.ts"
import { resource } from "../permissions/resources.ts"
import type { Derived, Procedures } from "../services.ts"
import { type Category, type categoriesContract, maxCategories } from "./contract.ts"
import { moveChannels } from "./moving.ts"
import {
  countCategories,
  deleteCategory,
  deleteCollapsed,
  insertCategory,
  insertCollapsed,
  listCategories,
  updateCategoryName,
} from "./store.ts"

const changed = (serverId: string) => [resource.channels(serverId), resource.auditLog(serverId)]

export const categoriesHandlers: Procedures<typeof categoriesContract> = {
  getCategories: {
    // What the viewer has collapsed is among their settings.
    resources: ({ inputs, ctx }) => [resource.channels(inputs.serverId), resource.settings(ctx.viewer?.id)],
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { server } = await requireServer(derived, viewer, inputs.serverId)

      return listCategories(derived.db, server.id, viewer.id)
    },
  },

  createCategory: {
    resources: ({ inputs }) => changed(inputs.serverId),
    async procedure({ inputs, derived }) {
      const { serverId, name, reason } = inputs
      const viewer = derived.requireAuth()
      const category = { id: crypto.randomUUID(), serverId, name, createdAt: new Date() }
      await requireServer(derived, viewer, serverId, "manageChannels")

      return derived.publisher.decide(async ({ tx }) => {
        await requireServer({ db: tx }, viewer, serverId, "manageChannels")
        if ((await countCategories(tx, serverId)) >= maxCategories) {
          throw new Refusal(`A server has at most ${maxCategories} categories. Delete one first`, 400)
        }
        const target = { id: category.id, name }
        await recordAct(tx, { serverId, actor: viewer, action: "category.create", target, reason })
        return insertCategory(tx, category)
      })
    },
  },

  renameCategory: {
    resources: ({ outputs }) => changed(outputs.serverId),
    async procedure({ inputs, derived }) {
      const { categoryId, name, reason } = inputs
      return inCategory(derived, categoryId, async ({ tx }, { viewer, category }) => {
        const { serverId } = category
        await updateCategoryName(tx, categoryId, name)
        await recordAct(tx, {
          ...{ serverId, actor: viewer, action: "category.update", target: { id: categoryId, name }, reason },
          changes: changesOf({ name: category.name }, { name }),
        })
        return { ...category, name }
      })
    },
  },

  deleteCategory: {
    resources: ({ outputs }) => changed(outputs.serverId),
    async procedure({ inputs, derived }) {
      const { categoryId, reason } = inputs
      return inCategory(derived, categoryId, async ({ tx }, { viewer, category }) => {
        const { serverId, name } = category
        await deleteCategory(tx, category)
        const target = { id: categoryId, name }
        await recordAct(tx, { serverId, actor: viewer, action: "category.delete", target, reason })
        return category
      })
    },
  },

  moveChannels: {
    resources: ({ inputs }) => changed(inputs.serverId),
    procedure: ({ inputs, derived }) => moveChannels(derived, derived.requireAuth(), inputs),
  },

  collapseCategory: {
    resources: ({ ctx }) => [resource.settings(ctx.viewer?.id)],
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { category } = await requireCategoryOfMember(derived, viewer, inputs.categoryId)
      await derived.commits.decide((tx) => insertCollapsed(tx, viewer.id, category.id))
      return null
    },
  },

  expandCategory: {
    resources: ({ ctx }) => [resource.settings(ctx.viewer?.id)],
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      const { category } = await requireCategoryOfMember(derived, viewer, inputs.categoryId)
      await derived.commits.decide((tx) => deleteCollapsed(tx, viewer.id, category.id))
      return null
    },
  },
}

interface Allowed {
  viewer: Viewer
  category: Category
}

/** Writes to a category in a commit. That the viewer may manage it is asked before and in it. Fails: 401, 403, 404. */
async function inCategory<Result>(
  derived: Derived,
  categoryId: string,
  write: (changes: ChangeSet, allowed: Allowed) => Promise<Result>,
): Promise<Result> {
  const viewer = derived.requireAuth()
  await requireCategory(derived, viewer, categoryId, "manageChannels")
  return derived.publisher.decide(async (changes) => {
    const { category } = await requireCategory({ db: changes.tx }, viewer, categoryId, "manageChannels")
    return write(changes, { viewer, category })
  })
}
