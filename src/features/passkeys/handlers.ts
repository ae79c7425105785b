import { Refusal } from "../../kernel/index.ts"
import { networkOf } from "../../web/network-of.ts"
import { beginSession } from "../accounts/begin-session.ts"
import { tooManyAttempts } from "../accounts/passwords.ts"
import { findInstance } from "../instance/store.ts"
import { ensureBackupCodes, forgetWithoutFactor } from "../second-factor/store.ts"
import type { Procedures } from "../services.ts"
import { confirmSession, requireRecentConfirmation } from "../sessions/confirmation.ts"
import { findStep, insertStep, useStep } from "../sign-in-steps.ts"
import { maxPasskeys, type passkeysContract } from "./contract.ts"
import { challengeLimit } from "./limits.ts"
import { deletePasskey, insertPasskey, listPasskeysOf, updatePasskeyName } from "./store.ts"
import { askForPasskey, stepMinutes, tooLate, unknownPasskey, verifyPasskey } from "./verify.ts"
import { loadWebAuthn, readAnswer, siteOf, unlessWrong } from "./web-authn.ts"

const noSuchPasskey = "There is no such passkey"
const tooMany = `You have ${maxPasskeys} passkeys already. Remove one first`

const adding: Pick<Procedures<typeof passkeysContract>, "beginPasskey" | "addPasskey"> = {
  beginPasskey: {
    async procedure({ derived, request, error }) {
      const { db, commits, config } = derived
      const viewer = derived.requireAuth()
      await requireRecentConfirmation(derived, viewer)
      const known = await listPasskeysOf(db, viewer.id)
      if (known.length >= maxPasskeys) error(tooMany, 400)

      const { generateRegistrationOptions } = await loadWebAuthn()
      const options = await generateRegistrationOptions({
        rpName: (await findInstance(db, config)).name,
        rpID: siteOf(config, request).rpID,
        userName: viewer.username,
        userID: new TextEncoder().encode(viewer.id),
        attestationType: "none",
        excludeCredentials: known.map(({ credentialId, transports }) => ({ id: credentialId, transports })),
        // It must work without a name, and prove that its owner is there: that makes two factors.
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
      })
      const data = { challenge: options.challenge, purpose: "add" }
      const step = await commits.decide((tx) =>
        insertStep(tx, { kind: "passkey", userId: viewer.id, data, minutes: stepMinutes }),
      )
      return { step, options: JSON.stringify(options) }
    },
  },

  addPasskey: {
    async procedure({ inputs, derived, request, error }) {
      const { db, commits, config } = derived
      const { id: userId } = derived.requireAuth()
      const step = await findStep(db, "passkey", inputs.step)
      if (step?.userId !== userId || step.data.purpose !== "add") return error(tooLate, 404)

      const response = readAnswer(inputs.response)
      const { verifyRegistrationResponse } = await loadWebAuthn()
      const { rpID, origins } = siteOf(config, request)
      const verified =
        response &&
        (await unlessWrong(() =>
          verifyRegistrationResponse({
            response,
            expectedChallenge: String(step.data.challenge),
            expectedOrigin: origins,
            expectedRPID: rpID,
            requireUserVerification: true,
          }),
        ))
      if (!verified?.registrationInfo) return error("This passkey could not be added. Try again", 400)

      const { credential, credentialDeviceType, credentialBackedUp } = verified.registrationInfo
      return commits.decide(async (tx) => {
        if (!(await useStep(tx, "passkey", inputs.step))) throw new Refusal(tooLate, 404)
        if ((await listPasskeysOf(tx, userId)).length >= maxPasskeys) throw new Refusal(tooMany, 400)
        const isNew = await insertPasskey(tx, {
          id: crypto.randomUUID(),
          userId,
          name: inputs.name,
          credentialId: credential.id,
          publicKey: Buffer.from(credential.publicKey).toString("base64url"),
          counter: credential.counter,
          transports: credential.transports ?? [],
          deviceType: credentialDeviceType,
          isBackedUp: credentialBackedUp,
        })
        if (!isNew) throw new Refusal("This passkey is added already", 400)
        return { backupCodes: await ensureBackupCodes(tx, userId) }
      })
    },
  },
}

const signingIn: Pick<Procedures<typeof passkeysContract>, "beginPasskeyLogin" | "loginWithPasskey"> = {
  beginPasskeyLogin: {
    async procedure({ inputs, ctx, derived, request, error }) {
      const { db, commits, config } = derived
      const retryAfterSeconds = await derived.limits.get(challengeLimit).take(networkOf(ctx.address))
      if (retryAfterSeconds > 0) error(tooManyAttempts, 429, { retryAfterSeconds })

      // After the password, only a passkey of that person helps.
      const first = inputs.loginStep ? await findStep(db, "factor", inputs.loginStep) : undefined
      const asking = { db, commits, config, request }
      return askForPasskey(asking, { userId: first?.userId ?? null, purpose: "login" })
    },
  },

  loginWithPasskey: {
    async procedure({ inputs, ctx, derived, request, setHeader }) {
      const { db, config } = derived
      const { userId, use } = await verifyPasskey({ db, config, request }, { ...inputs, purpose: "login" })
      return beginSession({ ctx, derived, request, setHeader }, userId, use)
    },
  },
}

const confirming: Pick<
  Procedures<typeof passkeysContract>,
  "beginPasskeyConfirmation" | "confirmByPasskey"
> = {
  beginPasskeyConfirmation: {
    async procedure({ derived, request, error }) {
      const { db, commits, config } = derived
      const { id: userId } = derived.requireAuth()
      // Without this, any passkey could answer.
      if ((await listPasskeysOf(db, userId)).length === 0) error("You have no passkey", 404)
      return askForPasskey({ db, commits, config, request }, { userId, purpose: "confirm" })
    },
  },

  confirmByPasskey: {
    async procedure({ inputs, derived, request, error }) {
      const { db, commits, config } = derived
      const viewer = derived.requireAuth()
      const asked = { ...inputs, purpose: "confirm" } as const
      const { userId, use } = await verifyPasskey({ db, config, request }, asked)
      if (userId !== viewer.id) error(unknownPasskey, 403)
      await commits.decide(async (tx) => {
        await use(tx)
        await confirmSession(tx, viewer.sessionId)
      })
      return null
    },
  },
}

export const passkeysHandlers: Procedures<typeof passkeysContract> = {
  ...adding,
  ...signingIn,
  ...confirming,

  getPasskeys: {
    async procedure({ derived }) {
      const { id: userId } = derived.requireAuth()
      return (await listPasskeysOf(derived.db, userId)).map(
        ({ id, name, createdAt, lastUsedAt, isBackedUp }) => ({
          ...{ id, name, createdAt, lastUsedAt, isBackedUp },
        }),
      )
    },
  },

  renamePasskey: {
    async procedure({ inputs, derived, error }) {
      const { id: userId } = derived.requireAuth()
      const isRenamed = await derived.commits.decide((tx) => updatePasskeyName(tx, { ...inputs, userId }))
      return isRenamed ? null : error(noSuchPasskey, 404)
    },
  },

  removePasskey: {
    async procedure({ inputs, derived, error }) {
      const viewer = derived.requireAuth()
      await requireRecentConfirmation(derived, viewer)
      const isRemoved = await derived.commits.decide(async (tx) => {
        const removed = await deletePasskey(tx, viewer.id, inputs.id)
        if (removed) await forgetWithoutFactor(tx, viewer.id)
        return removed
      })
      return isRemoved ? null : error(noSuchPasskey, 404)
    },
  },
}
