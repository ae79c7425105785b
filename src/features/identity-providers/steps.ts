import { z } from "zod"
import type { Config } from "../../config.ts"
import type { Db, Tx } from "../../db/database.ts"
import { privateCookie, readPrivateCookie } from "../accounts/begin-session.ts"
import { findStep, insertStep, useStep } from "../sign-in-steps.ts"

// A sign-in at a provider has two or three steps in one browser, which keeps a random token of the current one in a
// cookie. Only the token's hash is stored. So nobody can complete what somebody else began (RFC 9700, section 4.7).

/** From here to the provider and back, and to choosing a username. */
const stepMinutes = 10

/** A form to send again; without an action there was none. */
const Interrupted = z.object({
  action: z.string(),
  fields: z.array(z.tuple([z.string(), z.string()])),
})

/** Somebody is on their way to the provider and back. */
const Begun = z.object({
  step: z.literal("begun"),
  providerId: z.string(),
  redirectUri: z.string(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  /** A local path to go to afterwards. */
  next: z.string(),
  /** The code of an invitation to the instance. */
  invitation: z.string(),
  /** A signed-in user confirms their identity; with the interrupted form. */
  confirms: Interrupted.optional(),
})
export type Begun = z.infer<typeof Begun>

/** Somebody who has no account yet chooses a username. */
const Identified = z.object({
  step: z.literal("identified"),
  providerId: z.string(),
  identity: z.object({
    subject: z.string(),
    verifiedDomain: z.string().nullable(),
    preferredUsername: z.string(),
    name: z.string(),
    groups: z.array(z.string()),
  }),
  next: z.string(),
  invitation: z.string(),
})
export type Identified = z.infer<typeof Identified>

/** A user has confirmed their identity, and continues the interrupted form. */
const Confirmed = Interrupted.extend({ step: z.literal("confirmed"), providerId: z.string() })
export type Confirmed = z.infer<typeof Confirmed>

/** Stores a step and returns the token for the browser. `userId`: who connects an account of theirs. */
export function insertProviderStep(
  tx: Tx,
  data: Begun | Identified | Confirmed,
  userId: string | null = null,
): Promise<string> {
  return insertStep(tx, { kind: "provider", userId, data, minutes: stepMinutes })
}

/** Uses up the step of who is back from a provider; `undefined` when it has expired, was used, or is another one. */
export async function useBegun(
  tx: Tx,
  token: string,
): Promise<(Begun & { userId: string | null }) | undefined> {
  const step = await useStep(tx, "provider", token)
  const { data } = Begun.safeParse(step?.data)
  return data && { ...data, userId: step?.userId ?? null }
}

/** The step of who chooses a username. */
export async function findIdentified(db: Db, token: string): Promise<Identified | undefined> {
  return Identified.safeParse((await findStep(db, "provider", token))?.data).data
}

/** Uses it up. */
export async function useIdentified(tx: Tx, token: string): Promise<Identified | undefined> {
  return Identified.safeParse((await useStep(tx, "provider", token))?.data).data
}

/** The interrupted form of a user who has just confirmed their identity. */
export async function findConfirmed(db: Db, token: string, userId: string): Promise<Confirmed | undefined> {
  const step = await findStep(db, "provider", token)
  return step?.userId === userId ? Confirmed.safeParse(step.data).data : undefined
}

const cookie = "provider_step"

/** The cookie with the token of a step, sent only to the routes of these steps; an empty token removes it. */
export function providerCookie(config: Pick<Config, "secureCookies">, token: string): string {
  const seconds = token === "" ? 0 : stepMinutes * 60
  return privateCookie(config, { name: cookie, value: token, path: "/login/with", seconds })
}

/** The token in the cookies of a request; empty without one. */
export function stepToken(config: Pick<Config, "secureCookies">, request: { headers: Headers }): string {
  return readPrivateCookie(config, request, cookie) ?? ""
}
