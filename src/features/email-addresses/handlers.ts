import { networkOf } from "../../web/network-of.ts"
import { changedMeanwhile, confirmPasswordIfAny, tooManyAttempts } from "../accounts/passwords.ts"
import { findPasswordHash, findUser } from "../accounts/store.ts"
import { insertLink } from "../instance/one-time-links.ts"
import { linkGone } from "../instance/setting-up.ts"
import type { Derived, Procedures } from "../services.ts"
import { insertStep, useStep } from "../sign-in-steps.ts"
import type { emailAddressesContract } from "./contract.ts"
import { mailLimit } from "./limits.ts"
import { mailer, type WriteMail } from "./mailer.ts"
import { changedMail, passwordMail, verificationMail, verificationMinutes } from "./mails.ts"
import {
  addressIn,
  deleteAddress,
  deletePending,
  findAddress,
  findMailable,
  findPending,
  storeAddress,
} from "./store.ts"

const sendsNoMail = "This chat sends no e-mail"
const takenAddress = "Another account has this address"

export const emailAddressesHandlers: Procedures<typeof emailAddressesContract> = {
  getEmailAddress: {
    async procedure({ derived }) {
      const { id } = derived.requireAuth()
      const { db } = derived
      const address = (await findAddress(db, id)) ?? null
      const pending = (await findPending(db, id, new Date())) ?? null
      return { address, pending, isOffered: mailerOf(derived).isOffered }
    },
  },

  setEmailAddress: {
    async procedure({ inputs, ctx, derived, setHeader, error }) {
      const { id, username } = derived.requireAuth()
      const { address, password = "" } = inputs
      if (!mailerOf(derived).isOffered) error(sendsNoMail, 403)
      const hash = await confirmPasswordIfAny({ ctx, derived, setHeader, error, password, field: "password" })
      const retryAfterSeconds = await derived.limits.get(mailLimit).take(`by ${id}`)
      if (retryAfterSeconds > 0) error(tooManyAttempts, 429, { retryAfterSeconds })

      const token = await derived.commits.decide(async (tx) => {
        if ((await findPasswordHash(tx, id)) !== hash) return undefined
        await deletePending(tx, id)
        return insertStep(tx, {
          kind: "email",
          userId: id,
          data: { address },
          minutes: verificationMinutes,
        })
      })
      if (token === undefined) return error(changedMeanwhile, 409)

      mailerOf(derived).send(() => verificationMail(derived, { to: address, username }, token))
      return null
    },
  },

  verifyEmailAddress: {
    async procedure({ inputs, derived, error }) {
      const outcome = await derived.commits.decide(async (tx) => {
        const step = await useStep(tx, "email", inputs.token)
        const user = step?.userId ? await findUser(tx, step.userId) : undefined
        if (!step || !user) return undefined

        const [before, address] = [await findAddress(tx, user.id), addressIn(step)]
        const isStored = await storeAddress(tx, user.id, address)
        return { isStored, before, address, username: user.username }
      })
      if (!outcome) return error(linkGone, 404)
      const { isStored, before, address, username } = outcome
      if (!isStored) error(takenAddress, 409)

      if (before && before !== address)
        mailerOf(derived).send(() => changedMail(derived, { to: before, username }))
      return { username, address }
    },
  },

  removeEmailAddress: {
    async procedure({ inputs, ctx, derived, setHeader, error }) {
      const { id, username } = derived.requireAuth()
      const { password = "" } = inputs
      const hash = await confirmPasswordIfAny({ ctx, derived, setHeader, error, password, field: "password" })
      const outcome = await derived.commits.decide(async (tx) => {
        if ((await findPasswordHash(tx, id)) !== hash) return "changed"
        const before = await findAddress(tx, id)
        await deletePending(tx, id)
        return (await deleteAddress(tx, id)) ? { before } : "none"
      })
      if (outcome === "changed") return error(changedMeanwhile, 409)
      if (outcome === "none") return error("Your account has no e-mail address", 404)

      const { before } = outcome
      if (before) mailerOf(derived).send(() => changedMail(derived, { to: before, username }))
      return null
    },
  },

  requestPasswordReset: {
    async procedure({ inputs, ctx, derived, setHeader, error }) {
      if (!mailerOf(derived).isOffered) error(sendsNoMail, 403)
      const limit = derived.limits.get(mailLimit)
      const key = `from ${networkOf(ctx.address)}`
      const retryAfterSeconds = await limit.take(key)
      for (const [name, value] of await limit.headers("mails", key)) setHeader(name, value)
      if (retryAfterSeconds > 0) error(tooManyAttempts, 429, { retryAfterSeconds })

      // The account is looked up later, so that the answer tells nothing, not even by its time.
      mailerOf(derived).send(resetFor(derived, inputs.account))
      return null
    },
  },
}

function mailerOf({ workers }: Pick<Derived, "workers">) {
  return workers.get(mailer)
}

/** Makes a link for a new password, if the account can get one by e-mail. */
function resetFor(derived: Derived, account: string): WriteMail {
  const { db, commits, limits } = derived
  return async () => {
    const found = await findMailable(db, account)
    if (!found) return undefined
    // So that nobody fills the mailbox of somebody else.
    if ((await limits.get(mailLimit).take(`to ${found.userId}`)) > 0) return undefined

    const { userId, username, address: to } = found
    // Earlier links keep working, or strangers could undo what an administrator made.
    const link = { purpose: "password", userId } as const
    const { token } = await commits.decide((tx) => insertLink(tx, link, { keepOthers: true }))
    return passwordMail(derived, { to, username }, token)
  }
}
