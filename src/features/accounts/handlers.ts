import { networkOf } from "../../web/network-of.ts"
import { deleteBot, listBotIds } from "../bots/store.ts"
import { requirePasswords } from "../identity-providers/password-sign-in.ts"
import { requireAdmission } from "../instance/admission.ts"
import { findInstance } from "../instance/store.ts"
import { assertNotLastAdministrator } from "../permissions/administrators.ts"
import { resource } from "../permissions/resources.ts"
import { checkSecondFactor } from "../second-factor/check-code.ts"
import { listServers, listServersOwned } from "../servers/store.ts"
import type { Procedures } from "../services.ts"
import { endSession, endSessions } from "../sessions/store.ts"
import { isNameTaken } from "../usernames/store.ts"
import { beginSession } from "./begin-session.ts"
import { type accountsContract, workBits } from "./contract.ts"
import { createAccount, nameTaken } from "./create-account.ts"
import { expiredCookies } from "./expired-cookies.ts"
import { loginLimit } from "./limits.ts"
import { assertSamePassword, findByPassword } from "./log-in.ts"
import { setCookies } from "./new-session.ts"
import { requireUnlikeNames } from "./password-strength.ts"
import {
  changedMeanwhile,
  confirmPassword,
  confirmPasswordIfAny,
  hashInTurn,
  tooManyAttempts,
} from "./passwords.ts"
import { newWork } from "./sign-up-work.ts"
import { anonymizeUser, findPasswordHash, updatePasswordHash } from "./store.ts"

const ownsServers = "You own servers. Delete each of them in its settings first"

export const accountsHandlers: Procedures<typeof accountsContract> = {
  login: {
    async procedure({ inputs, ctx, derived, request, setHeader }) {
      const call = { ctx, derived, request, setHeader }
      const person = await findByPassword(call, inputs)
      const assertFactor = await checkSecondFactor(call, person, inputs)
      return beginSession(call, person.id, async (tx) => {
        await assertSamePassword(tx, person)
        await assertFactor(tx)
      })
    },
  },

  signUp: {
    async procedure({ inputs, ctx, derived, request, setHeader, error }) {
      const { db } = derived
      const username = inputs.username.toLowerCase()
      // Taken names count too: otherwise an attacker could enumerate all names.
      const key = `new account ${networkOf(ctx.address)}`
      const limit = derived.limits.get(loginLimit)
      const retryAfterSeconds = await limit.take(key)
      for (const [name, value] of await limit.headers("logins", key)) setHeader(name, value)
      if (retryAfterSeconds > 0) error(tooManyAttempts, 429, { retryAfterSeconds })
      await requirePasswords(derived)
      const admission = await requireAdmission(derived, inputs)
      if (await isNameTaken(db, username)) error(nameTaken, 409)

      const { password } = inputs
      await requireUnlikeNames(derived, { password, username, field: "password" })

      await admission.use()
      const { waiting } = admission
      try {
        const call = { ctx, derived, request, setHeader }
        const account = await createAccount(call, { ...inputs, waiting })
        return { ...account, username, ...(waiting && { isWaiting: true as const }) }
      } catch (refusal) {
        await admission.release()
        throw refusal
      }
    },
  },

  getSignUpWork: {
    async procedure({ derived }) {
      const { signUpQuestion, signUpWork } = await findInstance(derived.db, derived.config)
      const isTaken = signUpQuestion !== "" && signUpWork
      return isTaken ? { challenge: newWork(derived.config), bits: workBits } : null
    },
  },

  logout: {
    async procedure({ ctx, derived, request, setHeader }) {
      // Those who wait for an approval can do nothing else.
      const { id, sessionId } = ctx.viewer?.isWaiting ? ctx.viewer : derived.requireAuth()
      await derived.publisher.decide((changes) => endSession(changes, id, sessionId))

      setCookies(setHeader, await expiredCookies(derived, request.headers))
      return null
    },
  },

  changePassword: {
    resources: ({ ctx }) => [resource.sessions(ctx.viewer?.id)],
    async procedure({ inputs, ctx, derived, setHeader, error }) {
      const { publisher } = derived
      const { id, username, sessionId } = derived.requireAuth()
      const [password, field] = [inputs.currentPassword, "currentPassword"]
      await requireUnlikeNames(derived, { password: inputs.newPassword, username, field: "newPassword" })
      const hash = await confirmPasswordIfAny({ ctx, derived, setHeader, error, password, field })

      const newHash = await hashInTurn({ ctx, derived }, inputs.newPassword)
      const isChanged = await publisher.decide(async (changes) => {
        if ((await findPasswordHash(changes.tx, id)) !== hash) return false
        await updatePasswordHash(changes.tx, id, newHash)
        await endSessions(changes, { userId: id, except: sessionId })
        return true
      })
      return isChanged ? null : error(changedMeanwhile, 409)
    },
  },

  deleteAccount: {
    resources: ({ outputs }) => outputs.serverIds.map((id) => resource.members(id)),
    async procedure({ inputs, ctx, derived, request, setHeader, error }) {
      const { db, publisher } = derived
      const { id } = derived.requireAuth()
      if ((await listServersOwned(db, id)).length > 0) error(ownsServers, 400)
      const hash = await confirmPassword({
        ctx,
        derived,
        setHeader,
        error,
        password: inputs.password,
        field: "password",
      })

      const servers = await listServers(db, id)
      const now = new Date()
      const outcome = await publisher.decide(async (changes) => {
        if ((await listServersOwned(changes.tx, id)).length > 0) return "owner"
        if ((await findPasswordHash(changes.tx, id)) !== hash) return "changed"
        await assertNotLastAdministrator(changes.tx, id)
        await anonymizeUser(changes, id, now)
        // Bots need an owner who is responsible for them.
        for (const botId of await listBotIds(changes.tx, id)) await deleteBot(changes, botId, now)
        return "deleted"
      })
      if (outcome === "owner") error(ownsServers, 400)
      if (outcome === "changed") error(changedMeanwhile, 409)

      setCookies(setHeader, await expiredCookies(derived, request.headers))
      return { serverIds: servers.map((server) => server.id) }
    },
  },
}
