import { loginLimit } from "../accounts/limits.ts"
import { requireUnlikeNames } from "../accounts/password-strength.ts"
import {
  changedMeanwhile,
  confirmPasswordIfAny,
  hashInTurn,
  PasswordGuesses,
  tooManyAttempts,
} from "../accounts/passwords.ts"
import { findPasswordHash, updatePasswordHash } from "../accounts/store.ts"
import type { Procedures } from "../services.ts"
import { endSessions } from "../sessions/store.ts"
import type { recoveryCodesContract } from "./contract.ts"
import { findByCode, findRecovery, replaceRecoveryCode, useRecoveryCode } from "./store.ts"

const wrongCode = "Wrong username or recovery code"

export const recoveryCodesHandlers: Procedures<typeof recoveryCodesContract> = {
  getRecovery: {
    async procedure({ derived }) {
      const { id } = derived.requireAuth()
      return { createdAt: (await findRecovery(derived.db, id)) ?? null }
    },
  },

  renewRecoveryCode: {
    async procedure({ inputs, ctx, derived, setHeader, error }) {
      const { id } = derived.requireAuth()
      const { password = "" } = inputs
      const hash = await confirmPasswordIfAny({ ctx, derived, setHeader, error, password, field: "password" })
      const recoveryCode = await derived.commits.decide(async (tx) =>
        (await findPasswordHash(tx, id)) === hash ? replaceRecoveryCode(tx, id) : undefined,
      )
      return recoveryCode === undefined ? error(changedMeanwhile, 409) : { recoveryCode }
    },
  },

  recoverAccount: {
    async procedure({ inputs, ctx, derived, setHeader, error }) {
      const { db, publisher } = derived
      const { username, recoveryCode, newPassword } = inputs
      // Before anything is looked up: it says nothing about whether the account exists.
      await requireUnlikeNames(derived, { password: newPassword, username, field: "newPassword" })
      const guesses = new PasswordGuesses(
        derived.limits.get(loginLimit),
        `${username.trim()} by code`,
        ctx.address,
      )
      const waitSeconds = await guesses.check()
      await guesses.setHeaders(setHeader)
      if (waitSeconds > 0) error(tooManyAttempts, 429, { retryAfterSeconds: waitSeconds })

      const account = await findByCode(db, username, recoveryCode)
      // Checked again: concurrent guesses pass the first check together.
      const retryAfterSeconds = await (account ? guesses.check() : guesses.take())
      await guesses.setHeaders(setHeader)
      if (retryAfterSeconds > 0) error(tooManyAttempts, 429, { retryAfterSeconds })
      if (!account) return error(wrongCode, 401)

      const hash = await hashInTurn({ ctx, derived }, newPassword)
      const next = await publisher.decide(async (changes) => {
        if (!(await useRecoveryCode(changes.tx, account.userId, recoveryCode))) return undefined

        await updatePasswordHash(changes.tx, account.userId, hash)
        await endSessions(changes, { userId: account.userId })
        return replaceRecoveryCode(changes.tx, account.userId)
      })
      return next === undefined ? error(wrongCode, 401) : { username: account.username, recoveryCode: next }
    },
  },
}
