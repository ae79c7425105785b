import type { Tx } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
import { type Call, privateCookie, readPrivateCookie } from "../accounts/begin-session.ts"
import type { KnownPerson } from "../accounts/log-in.ts"
import { deviceOf } from "../accounts/new-session.ts"
import { tooManyAttempts } from "../accounts/passwords.ts"
import { newToken } from "../instance/one-time-links.ts"
import { insertStep } from "../sign-in-steps.ts"
import { tokenHash } from "../token-hash.ts"
import { codeLimit } from "./limits.ts"
import {
  findCode,
  hasSecondFactor,
  insertTrustedDevice,
  isTrustedDevice,
  type RightCode,
  trustedDays,
  useCode,
} from "./store.ts"

const codeNeeded = "Enter the code of your authenticator app"
const wrongCode = "This code is wrong, or it was used already"

/** A refusal that names the field of the code. */
export function refusalOfCode(message: string, code = 403): Refusal {
  return new Refusal(message, code, { issues: [{ path: "code", message }] })
}

/**
 * Checks a code of someone's second factor and counts wrong ones; `useCode` has to use it up in the commit. Fails: 403
 * (wrong), 429.
 */
export async function checkCode(
  { derived }: Pick<Call, "derived">,
  userId: string,
  code: string,
): Promise<RightCode> {
  const limit = derived.limits.get(codeLimit)
  const key = `account ${userId}`
  const refuseTooMany = (retryAfterSeconds: number) => {
    if (retryAfterSeconds > 0) throw new Refusal(tooManyAttempts, 429, { retryAfterSeconds })
  }
  refuseTooMany(await limit.check(key))
  const found = await findCode(derived.db, derived.config, { userId, code })
  // Checked again: concurrent guesses pass the first check together.
  refuseTooMany(await (found ? limit.check(key) : limit.take(key)))
  if (!found) throw refusalOfCode(wrongCode)

  return found
}

/** Uses up a code that was right when it was checked. Fails: 403 (used meanwhile). */
export async function assertCodeWorks(tx: Tx, userId: string, code: RightCode): Promise<void> {
  if (!(await useCode(tx, userId, code))) throw refusalOfCode(wrongCode)
}

/** How long somebody may take from the password to the code, in minutes. */
const stepMinutes = 10
/** The cookie between the two steps, and the paths that see it. */
export const stepCookie = { name: "login_step", path: "/login" } as const

interface Answer {
  code?: string
  trustDevice?: boolean
}

/**
 * Checks the second factor of someone who entered the right password. Returns what must hold in the commit that begins
 * the session. When a code is missing, stores the step that a page continues with. Fails: 403 (no code, or a wrong one),
 * 429.
 */
export async function checkSecondFactor(
  call: Call,
  person: KnownPerson,
  { code = "", trustDevice = false }: Answer,
): Promise<(tx: Tx) => Promise<void>> {
  const { derived, request } = call
  const { db, config } = derived
  if (!(await hasSecondFactor(db, person.id))) {
    return async (tx) => {
      if (await hasSecondFactor(tx, person.id)) throw refusalOfCode(codeNeeded)
    }
  }
  const token = readPrivateCookie(config, request, deviceCookie(person.id))
  if (await isTrustedDevice(db, person.id, token)) {
    return async (tx) => {
      if (!(await isTrustedDevice(tx, person.id, token))) throw refusalOfCode(codeNeeded)
    }
  }
  if (code === "") {
    await beginCodeStep(call, person.id, { password: tokenHash(person.passwordHash) })
    throw refusalOfCode(codeNeeded)
  }
  const right = await checkCode(call, person.id, code)
  const trust = trustDevice ? trustThisDevice(call, person.id) : undefined
  return async (tx) => {
    await assertCodeWorks(tx, person.id, right)
    await trust?.(tx)
  }
}

/** By what somebody is known who still has to enter a code: the hash of their password's hash, or an account at a provider. */
export type FirstProof = { password: string } | { provider: string; subject: string }

/** Stores that somebody was identified, and has to enter a code next. Sets the cookie of that step. */
export async function beginCodeStep(
  { derived, setHeader }: Call,
  userId: string,
  data: FirstProof,
): Promise<void> {
  const step = await derived.commits.decide((tx) =>
    insertStep(tx, { kind: "factor", userId, data: { ...data }, minutes: stepMinutes }),
  )
  const cookie = { ...stepCookie, value: step, seconds: stepMinutes * 60 }
  setHeader("set-cookie", privateCookie(derived.config, cookie))
}

/** Does an identified user have to enter a code: they have a second factor and do not trust this browser? */
export async function needsCode({ derived, request }: Call, userId: string): Promise<boolean> {
  if (!(await hasSecondFactor(derived.db, userId))) return false

  const token = readPrivateCookie(derived.config, request, deviceCookie(userId))
  return !(await isTrustedDevice(derived.db, userId, token))
}

/** Sets the cookie of a browser that is trusted from now on. Returns what has to be stored. */
export function trustThisDevice(
  { derived: { config }, request, setHeader }: Call,
  userId: string,
): (tx: Tx) => Promise<void> {
  const token = newToken()
  const seconds = trustedDays * 24 * 60 * 60
  setHeader("set-cookie", privateCookie(config, { name: deviceCookie(userId), value: token, seconds }))
  const userAgent = deviceOf(request).get("user-agent") ?? ""
  return (tx) => insertTrustedDevice(tx, { token, userId, userAgent })
}

/** One for each account: several people may trust a browser that they share. */
export function deviceCookie(userId: string): string {
  return `device_${userId.slice(0, 8)}`
}
