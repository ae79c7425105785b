import { resource } from "../permissions/resources.ts"
import type { Procedures } from "../services.ts"
import { defaultSettings, type settingsContract } from "./contract.ts"
import { changeSettings, findSettings } from "./store.ts"

export const settingsHandlers: Procedures<typeof settingsContract> = {
  getSettings: {
    resources: ({ ctx }) => [resource.settings(ctx.viewer?.id)],
    async procedure({ derived }) {
      return (await findSettings(derived.db, derived.requireAuth().id)) ?? defaultSettings
    },
  },

  updateSettings: {
    resources: ({ ctx }) => [resource.settings(ctx.viewer?.id)],
    async procedure({ inputs, derived }) {
      const { commits, sessions } = derived
      const { id: userId } = derived.requireAuth()

      const settings = await commits.decide((tx) => changeSettings(tx, userId, inputs))
      // Settings are cached with the session.
      sessions.forget({ userId })
      return settings
    },
  },
}
