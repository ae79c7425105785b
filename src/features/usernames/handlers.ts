import { nameTaken } from "../accounts/create-account.ts"
import { changedMeanwhile, confirmPasswordIfAny, tooManyAttempts } from "../accounts/passwords.ts"
import { findPasswordHash, findUser } from "../accounts/store.ts"
import { resource } from "../permissions/resources.ts"
import { announceFace } from "../profiles/announce.ts"
import type { Procedures } from "../services.ts"
import type { usernamesContract } from "./contract.ts"
import { usernameLimit } from "./limits.ts"
import { isNameTaken, renameUser } from "./store.ts"

const sameName = "This is your username already"

export const usernamesHandlers: Procedures<typeof usernamesContract> = {
  changeUsername: {
    resources: ({ ctx }) => [resource.profile(ctx.viewer?.id)],
    async procedure({ inputs, ctx, derived, setHeader, error }) {
      const { id, username: before } = derived.requireAuth()
      const { username: typed, password = "" } = inputs
      const username = typed.toLowerCase()
      if (username === before) error(sameName, 400, { issues: [{ path: "username", message: sameName }] })
      const hash = await confirmPasswordIfAny({ ctx, derived, setHeader, error, password, field: "password" })
      // Names that are taken count too: each try says whether a name exists.
      const retryAfterSeconds = await derived.limits.get(usernameLimit).take(id)
      if (retryAfterSeconds > 0) error(tooManyAttempts, 429, { retryAfterSeconds })

      const outcome = await derived.commits.decide(async (tx) => {
        const user = await findUser(tx, id)
        if (!user || (await findPasswordHash(tx, id)) !== hash) return "changed"
        if (await isNameTaken(tx, username, id)) return "taken"
        await renameUser(tx, { userId: id, before: user.username, typed })
        return "renamed"
      })
      if (outcome === "changed") error(changedMeanwhile, 409)
      const issues = [{ path: "username", message: nameTaken }]
      if (outcome === "taken") error(nameTaken, 409, { issues })

      derived.sessions.forget({ userId: id })
      await announceFace(derived, id)
      return { username }
    },
  },
}
