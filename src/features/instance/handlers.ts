import { Refusal } from "../../kernel/index.ts"
import { createAccount, nameTaken } from "../accounts/create-account.ts"
import { requireUnlikeNames } from "../accounts/password-strength.ts"
import { hashInTurn } from "../accounts/passwords.ts"
import { findUser, updatePasswordHash } from "../accounts/store.ts"
import type { Procedures } from "../services.ts"
import { endSessions } from "../sessions/store.ts"
import { isNameTaken } from "../usernames/store.ts"
import type { instanceContract } from "./contract.ts"
import { findLink, useLink } from "./one-time-links.ts"
import { recordInstanceAct } from "./record-act.ts"
import { claimSetUp, completeSetUp, linkGone, maySetUp } from "./setting-up.ts"
import { findInstance } from "./store.ts"

const needsAccount = "Choose a username and a password for your account"

export const instanceHandlers: Procedures<typeof instanceContract> = {
  getInstance: {
    async procedure({ derived }) {
      return findInstance(derived.db, derived.config)
    },
  },

  setUpInstance: {
    async procedure({ inputs, ctx, derived, request, setHeader, error }) {
      const { db, commits, sessions } = derived
      const { token, username, password, ...settings } = inputs
      // Before anything about names is said.
      if (!(await maySetUp(db, token))) error(linkGone, 404)
      const isNew = username !== undefined && password !== undefined
      const viewer = ctx.viewer && !ctx.viewer.isBot ? ctx.viewer : null
      if (!isNew && !viewer)
        error(needsAccount, 400, { issues: [{ path: "username", message: needsAccount }] })
      if (isNew && (await isNameTaken(db, username))) error(nameTaken, 409)
      if (isNew) await requireUnlikeNames(derived, { password, username, field: "password" })

      const release = await claimSetUp(commits, token)
      try {
        const call = { ctx, derived, request, setHeader }
        const account = isNew ? await createAccount(call, { username, password }) : null
        const name = isNew ? username.toLowerCase() : (viewer?.username ?? "")
        const actor = { id: account?.userId ?? viewer?.id ?? "", username: name }
        const isDone = await commits.decide((tx) => completeSetUp(tx, actor, settings))
        if (!isDone) throw new Refusal(linkGone, 404)

        sessions.forget({ userId: actor.id })
        await derived.look.changed()
        return { grant: account && { ...account, username: name } }
      } catch (refusal) {
        await release()
        throw refusal
      }
    },
  },

  resetPassword: {
    async procedure({ inputs, ctx, derived, error }) {
      const { db, publisher } = derived
      const { token, newPassword } = inputs
      // Hashing costs, so strangers cannot have it done.
      const link = await findLink(db, token, "password", new Date())
      const owner = link?.userId ? await findUser(db, link.userId) : undefined
      if (!owner) return error(linkGone, 404)
      await requireUnlikeNames(derived, {
        password: newPassword,
        username: owner.username,
        field: "newPassword",
      })
      const hash = await hashInTurn({ ctx, derived }, newPassword)
      const isSet = await publisher.decide(async (changes) => {
        const { tx } = changes
        const userId = (await useLink(tx, token, "password", new Date()))?.userId
        const user = userId ? await findUser(tx, userId) : undefined
        if (!user) return false

        await updatePasswordHash(tx, user.id, hash)
        await endSessions(changes, { userId: user.id })
        const target = { id: user.id, name: user.username }
        await recordInstanceAct(tx, { actor: user, action: "person.password", target })
        return true
      })
      return isSet ? null : error(linkGone, 404)
    },
  },
}
