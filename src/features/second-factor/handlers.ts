import type { Tx } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
import { beginSession, readPrivateCookie } from "../accounts/begin-session.ts"
import { confirmPassword } from "../accounts/passwords.ts"
import type { Viewer } from "../accounts/sessions.ts"
import { findPasswordHash } from "../accounts/store.ts"
import { findPersonAt, findProvider } from "../identity-providers/store.ts"
import { recordInstanceAct } from "../instance/record-act.ts"
import { findInstance, updateInstance } from "../instance/store.ts"
import { findSecondFactorRule, requireAdministrator } from "../permissions/administrators.ts"
import type { Derived, Procedures } from "../services.ts"
import { confirmSession, requireRecentConfirmation } from "../sessions/confirmation.ts"
import { countFailure, findStep, useStep } from "../sign-in-steps.ts"
import { tokenHash } from "../token-hash.ts"
import {
  assertCodeWorks,
  checkCode,
  deviceCookie,
  type FirstProof,
  refusalOfCode,
  trustThisDevice,
} from "./check-code.ts"
import type { secondFactorContract } from "./contract.ts"
import {
  confirmTotp,
  countBackupCodes,
  deleteTotp,
  deleteTrustedDevice,
  ensureBackupCodes,
  findFactors,
  findTotp,
  forgetWithoutFactor,
  hasSecondFactor,
  insertTotp,
  listTrustedDevices,
  renewBackupCodes,
} from "./store.ts"
import { matchingStep, newTotpSecret, totpUri } from "./totp.ts"

const stepIsOver = "Log in again: this took too long, or too many codes were wrong"
const hasApp = "An authenticator app is set up already. Remove it first"

/** Asks for the password; who has none must have signed in recently. Fails: 403, 429. */
async function confirmByPassword(
  call: Omit<Parameters<typeof confirmPassword>[0], "password" | "field">,
  password: string | undefined,
): Promise<void> {
  const viewer = call.derived.requireAuth()
  if (await findPasswordHash(call.derived.db, viewer.id))
    await confirmPassword({ ...call, password: password ?? "", field: "password" })
  else await requireRecentConfirmation(call.derived, viewer)
}

const authenticator: Pick<
  Procedures<typeof secondFactorContract>,
  "beginAuthenticator" | "confirmAuthenticator" | "removeAuthenticator"
> = {
  beginAuthenticator: {
    async procedure({ inputs, ctx, derived, setHeader, error }) {
      const { db, commits, config } = derived
      const viewer = derived.requireAuth()
      await confirmByPassword({ ctx, derived, setHeader, error }, inputs.password)

      const secret = newTotpSecret()
      const isStored = await commits.decide((tx) => insertTotp(tx, config, viewer.id, secret))
      if (!isStored) error(hasApp, 409)
      const { name: issuer } = await findInstance(db, config)
      return { secret, uri: totpUri(secret, { issuer, username: viewer.username }) }
    },
  },

  confirmAuthenticator: {
    async procedure({ inputs, derived, error }) {
      const { db, commits, config } = derived
      const { id: userId } = derived.requireAuth()
      const totp = await findTotp(db, config, userId)
      if (totp?.secret === undefined || totp.confirmedAt)
        return error("No app is being set up. Start again", 404)
      const step = matchingStep(totp.secret, inputs.code.replace(/\s/g, ""), new Date(), 0)
      if (step === undefined)
        throw refusalOfCode("This code is wrong. Enter the one that the app shows now", 400)

      const { createdAt } = totp
      return commits.decide(async (tx) => {
        const isConfirmed = await confirmTotp(tx, { userId, createdAt, step })
        if (!isConfirmed) throw new Refusal("Another app is being set up. Start again", 409)
        return { backupCodes: await ensureBackupCodes(tx, userId) }
      })
    },
  },

  removeAuthenticator: {
    async procedure({ inputs, ctx, derived, setHeader, error }) {
      const { db, commits } = derived
      const { id } = derived.requireAuth()
      await confirmByPassword({ ctx, derived, setHeader, error }, inputs.password)
      if (!(await findFactors(db, id)).hasApp) error("There is no authenticator app", 404)
      const code = await checkCode({ derived }, id, inputs.code)

      await commits.decide(async (tx) => {
        await assertCodeWorks(tx, id, code)
        await deleteTotp(tx, id)
        await forgetWithoutFactor(tx, id)
      })
      return null
    },
  },
}

/** Is somebody still who they proved to be in the first step? */
async function holds(tx: Tx, userId: string, proof: FirstProof): Promise<boolean> {
  if ("password" in proof) {
    const hash = await findPasswordHash(tx, userId)
    return hash !== undefined && tokenHash(hash) === proof.password
  }
  const isEnabled = (await findProvider(tx, proof.provider))?.isEnabled
  return isEnabled === true && (await findPersonAt(tx, proof.provider, proof.subject))?.id === userId
}

/** The viewer, who administers the instance. Fails: 401, 403. */
async function requireAdmin(derived: Derived): Promise<Viewer> {
  const viewer = derived.requireAuth()
  await requireAdministrator(derived, viewer)
  return viewer
}

export const secondFactorHandlers: Procedures<typeof secondFactorContract> = {
  ...authenticator,

  completeLogin: {
    async procedure({ inputs, ctx, derived, request, setHeader, error }) {
      const { db, commits } = derived
      const call = { ctx, derived, request, setHeader }
      const step = await findStep(db, "factor", inputs.step)
      const userId = step?.userId
      if (!step || !userId) return error(stepIsOver, 401)

      const code = await checkCode(call, userId, inputs.code).catch(async (refusal: unknown) => {
        if (refusal instanceof Refusal && refusal.code === 403) {
          const goesOn = await commits.decide((tx) => countFailure(tx, step.hash))
          if (!goesOn) error(stepIsOver, 401)
        }
        throw refusal
      })
      const trust = inputs.trustDevice ? trustThisDevice(call, userId) : undefined
      return beginSession(call, userId, async (tx) => {
        const isOpen = (await useStep(tx, "factor", inputs.step)) !== undefined
        if (!isOpen || !(await holds(tx, userId, step.data as FirstProof))) throw new Refusal(stepIsOver, 401)
        await assertCodeWorks(tx, userId, code)
        await trust?.(tx)
      })
    },
  },

  getSecondFactor: {
    async procedure({ derived, request }) {
      const { db, config } = derived
      const { id } = derived.requireAuth()
      const { hasApp, hasPasskey } = await findFactors(db, id)
      const totp = hasApp ? await findTotp(db, config, id) : undefined
      const token = readPrivateCookie(config, request, deviceCookie(id))
      const current = token && tokenHash(token)
      const devices = await listTrustedDevices(db, id)
      return {
        isOn: hasApp || hasPasskey,
        authenticatorSince: totp?.confirmedAt ?? null,
        backupCodesLeft: await countBackupCodes(db, id),
        trustedDevices: devices.map(({ hash, userId: _, ...device }) => ({
          ...device,
          id: hash,
          isCurrent: hash === current,
        })),
      }
    },
  },

  renewBackupCodes: {
    async procedure({ derived }) {
      const viewer = derived.requireAuth()
      await requireRecentConfirmation(derived, viewer)
      return derived.commits.decide(async (tx) => {
        if (!(await hasSecondFactor(tx, viewer.id)))
          throw new Refusal("Set up a second factor first: the codes replace it", 400)
        return { backupCodes: await renewBackupCodes(tx, viewer.id) }
      })
    },
  },

  revokeTrustedDevice: {
    async procedure({ inputs, derived, error }) {
      const { id } = derived.requireAuth()
      const isDeleted = await derived.commits.decide((tx) => deleteTrustedDevice(tx, id, inputs.id))
      return isDeleted ? null : error("There is no such device", 404)
    },
  },

  confirmIdentity: {
    async procedure({ inputs, ctx, derived, setHeader, error }) {
      const { password = "", code = "" } = inputs
      const { id, sessionId } = derived.requireAuth()
      if (password === "" && code === "") error("Enter your password, or a code", 400)
      if (password !== "")
        await confirmPassword({ ctx, derived, setHeader, error, password, field: "password" })
      const right = code === "" ? undefined : await checkCode({ derived }, id, code)

      await derived.commits.decide(async (tx) => {
        if (right) await assertCodeWorks(tx, id, right)
        await confirmSession(tx, sessionId)
      })
      return null
    },
  },

  getSecondFactorRule: {
    async procedure({ derived }) {
      await requireAdmin(derived)
      return { needsSecondFactor: await findSecondFactorRule(derived.db) }
    },
  },

  setSecondFactorRule: {
    async procedure({ inputs, derived }) {
      const viewer = await requireAdmin(derived)
      await requireRecentConfirmation(derived, viewer)
      await derived.commits.decide(async (tx) => {
        await requireAdministrator({ db: tx }, viewer)
        const before = await findSecondFactorRule(tx)
        const { registration } = await findInstance(tx, derived.config)
        await updateInstance(tx, { ...inputs, registration })
        const changes = { needsSecondFactor: { before, after: inputs.needsSecondFactor } }
        await recordInstanceAct(tx, { actor: viewer, action: "instance.update", changes })
      })
      return null
    },
  },
}
