import { type ProcedureRefuse, Refusal } from "../../kernel/index.ts"
import { findReadableFile } from "../files/store.ts"
import { mayKnow } from "../permissions/known.ts"
import { resource } from "../permissions/resources.ts"
import type { Derived, Procedures } from "../services.ts"
import { announceFace } from "./announce.ts"
import { replaceAvatar, storeAvatar } from "./avatars.ts"
import type { profilesContract } from "./contract.ts"
import { profileLimit } from "./limits.ts"
import { noSuchPerson, requireKnown, requireProfile } from "./require-profile.ts"
import {
  findNote,
  findProfile,
  replaceNote,
  updateDisplayName,
  updatePresence,
  upsertProfile,
} from "./store.ts"

const tooFast = "You changed your profile too often. Wait some minutes, then try again"

export const profilesHandlers: Procedures<typeof profilesContract> = {
  getProfile: {
    resources: ({ inputs }) => [resource.profile(inputs.userId)],
    async procedure({ inputs, derived }) {
      return requireProfile(derived, derived.requireAuth().id, inputs)
    },
  },

  updateProfile: {
    resources: ({ ctx }) => [resource.profile(ctx.viewer?.id)],
    async procedure({ inputs, derived, error }) {
      const { id: userId } = derived.requireAuth()
      await limit(derived, userId, error)

      const { displayName, ...rest } = inputs
      const before = await findProfile(derived.db, userId, userId)
      await derived.commits.decide(async (tx) => {
        if (displayName !== undefined) await updateDisplayName(tx, userId, displayName || null)
        if (Object.values(rest).some((value) => value !== undefined)) await upsertProfile(tx, userId, rest)
      })
      derived.sessions.forget({ userId })
      if (displayName !== undefined && (before?.displayName ?? "") !== displayName)
        await announceFace(derived, userId)
      const { displayName: name, bio, pronouns } = await requireProfile(derived, userId, { userId })
      return { displayName: name, bio, pronouns }
    },
  },

  setAvatar: {
    resources: ({ ctx }) => [resource.profile(ctx.viewer?.id)],
    async procedure({ inputs, derived, error }) {
      const { id: userId } = derived.requireAuth()
      const found = await findReadableFile(derived.db, userId, inputs.fileId)
      const stored = found?.file.userId === userId ? await derived.storage.get(found.file.key) : undefined
      if (!found || !stored) return error("There is no such file of yours. Upload it first", 404)

      const read = async () => new Response(stored.body()).arrayBuffer()
      await storeAvatar(derived, userId, { size: found.file.bytes, arrayBuffer: read })
      return null
    },
  },

  removeAvatar: {
    resources: ({ ctx }) => [resource.profile(ctx.viewer?.id)],
    async procedure({ derived, error }) {
      const { id: userId } = derived.requireAuth()
      await limit(derived, userId, error)
      await replaceAvatar(derived, userId, null)
      return null
    },
  },

  setStatus: {
    resources: ({ ctx }) => [resource.profile(ctx.viewer?.id)],
    async procedure({ inputs, derived, error }) {
      const { text, emoji = "", expiresAt } = inputs
      const { id: userId } = derived.requireAuth()
      if (expiresAt && expiresAt <= new Date()) error("This status would have ended already", 400)
      await limit(derived, userId, error)

      const isSet = text !== "" || emoji !== ""
      await derived.commits.decide((tx) =>
        upsertProfile(tx, userId, {
          ...{ statusText: text, statusEmoji: emoji },
          statusExpiresAt: isSet ? (expiresAt ?? null) : null,
        }),
      )
      await announceFace(derived, userId)
      const { status } = await requireProfile(derived, userId, { userId })
      return { status }
    },
  },

  setPresence: {
    // It is announced to nobody else: they would learn that somebody who looks offline is not.
    resources: ({ ctx }) => [resource.settings(ctx.viewer?.id)],
    async procedure({ inputs: { presence }, derived, error }) {
      const { id: userId } = derived.requireAuth()
      await limit(derived, userId, error)
      await derived.commits.decide((tx) => updatePresence(tx, userId, presence))
      derived.sessions.forget({ userId })
      return { presence }
    },
  },

  getNote: {
    resources: ({ ctx }) => [resource.settings(ctx.viewer?.id)],
    async procedure({ inputs, derived }) {
      const { id } = derived.requireAuth()
      await requireKnown(derived, id, inputs.userId)
      return { text: await findNote(derived.db, id, inputs.userId) }
    },
  },

  setNote: {
    resources: ({ ctx }) => [resource.settings(ctx.viewer?.id)],
    async procedure({ inputs: { userId, text }, derived, error }) {
      const { id } = derived.requireAuth()
      await requireKnown(derived, id, userId)
      await limit(derived, id, error)
      const refusal = await derived.commits.decide(async (tx) => {
        if (!(await mayKnow(tx, id, userId))) return new Refusal(noSuchPerson, 404)
        await replaceNote(tx, id, userId, text)
        return null
      })
      if (refusal) throw refusal
      return { text }
    },
  },
}

async function limit(derived: Derived, userId: string, error: ProcedureRefuse): Promise<void> {
  const retryAfterSeconds = await derived.limits.get(profileLimit).take(userId)
  if (retryAfterSeconds > 0) error(tooFast, 429, { retryAfterSeconds })
}
