import { Refusal } from "../../kernel/index.ts"
import { networkOf } from "../../web/network-of.ts"
import { tooManyAttempts } from "../accounts/passwords.ts"
import { clientOf } from "./client.ts"
import { causeOf } from "./complete-sign-in.ts"
import { startLimit } from "./limits.ts"
import type { ProviderAccess } from "./provider-fetch.ts"
import { type Begun, insertProviderStep, providerCookie } from "./steps.ts"
import { findProvider, type StoredProvider } from "./store.ts"
import type { StepCall } from "./visits.ts"

interface Destination {
  next: string
  /** The code of an invitation to the instance. */
  invitation?: string
  /** The user who connects an account or confirms their identity instead of signing in. */
  userId?: string
  /** The form that the confirmation interrupted. */
  confirms?: Begun["confirms"]
}

/** The path that a provider leads back to. */
export function callbackPath(providerId: string): string {
  return `/login/with/${providerId}/callback`
}

export const providerGone = "This way to log in is no longer available"

/**
 * Begins a sign-in: stores what must be known when the person is back, sets its cookie and returns the provider's address.
 * Fails: 404 (no such provider), 429, 503 (the provider cannot be reached).
 */
export async function beginSignIn(
  { derived, ctx, setHeader, origin }: StepCall,
  providerId: string,
  { next, invitation = "", userId, confirms }: Destination,
): Promise<{ url: string; name: string }> {
  const { db, commits, config, limits, log } = derived
  const retryAfterSeconds = await limits.get(startLimit).take(`address ${networkOf(ctx.address)}`)
  if (retryAfterSeconds > 0) throw new Refusal(tooManyAttempts, 429, { retryAfterSeconds })
  const provider = await findProvider(db, providerId)
  if (!provider?.isEnabled) throw new Refusal(providerGone, 404)

  const callback = { redirectUri: origin + callbackPath(providerId), asksAgain: confirms !== undefined }
  const asked = await addressAt(derived, provider, callback).catch((error) => {
    log.warn("A sign-in provider cannot be reached", { provider: providerId, cause: causeOf(error) })
    throw new Refusal(`${provider.name} cannot be reached now. Try again later`, 503)
  })
  const { url, ...secrets } = asked
  const step = { step: "begun", providerId, next, invitation, confirms, ...secrets } as const
  const token = await commits.decide((tx) => insertProviderStep(tx, step, userId))
  setHeader("set-cookie", providerCookie(config, token))
  return { url, name: provider.name }
}

type Secrets = Pick<Begun, "redirectUri" | "state" | "nonce" | "verifier">

/** The address to sign in at: authorization code flow with PKCE (S256), `state` and `nonce`. */
async function addressAt(
  access: ProviderAccess,
  provider: StoredProvider,
  { redirectUri, asksAgain }: { redirectUri: string; asksAgain: boolean },
): Promise<Secrets & { url: string }> {
  const { openid, configuration } = await clientOf(access, provider)
  const [state, nonce, verifier] = [
    openid.randomState(),
    openid.randomNonce(),
    openid.randomPKCECodeVerifier(),
  ]
  const { href: url, protocol } = openid.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: provider.scopes,
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
    // In an open browser the person may still be signed in there. Source: OpenID Connect Core, 3.1.2.1.
    ...(asksAgain && { prompt: "login", max_age: "0" }),
  })
  if (!/^https?:$/.test(protocol)) throw new Error("The authorization endpoint is not a web address")

  return { url, redirectUri, state, nonce, verifier }
}
