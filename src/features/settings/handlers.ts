import type { Procedures } from "../services.ts"
import { defaultSettings, type settingsContract } from "./contract.ts"
import { changeSettings, findSettings } from "./store.ts"

export const settingsHandlers: Procedures<typeof settingsContract> = {
  getSettings: {
    resources: ({ ctx }) => [`settings/user/${ctx.viewer?.id}`],
    async procedure({ derived }) {
      return findSettings(derived.db, derived.requireAuth().id) ?? defaultSettings
    },
  },

  updateSettings: {
    resources: ({ ctx }) => [`settings/user/${ctx.viewer?.id}`],
    async procedure({ inputs, derived }) {
      const { db, commits, sessions } = derived
      const { id: userId } = derived.requireAuth()

      const settings = await commits.run(() => changeSettings(db, userId, inputs))
      // They are known with the session.
      sessions.forget({ userId })
      return settings
    },
  },
}
