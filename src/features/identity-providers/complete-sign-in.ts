import { Refusal } from "../../kernel/index.ts"
import { clientOf } from "./client.ts"
import { identityOf, type ProviderIdentity } from "./identity.ts"
import type { ProviderAccess } from "./provider-fetch.ts"
import type { Begun } from "./steps.ts"
import type { StoredProvider } from "./store.ts"

/** How long ago the provider may have asked somebody who confirms who they are. */
const maxConfirmationSeconds = 600

/**
 * Asks the provider who came back: exchanges the code and checks the answer, its signature, `state` and `nonce`. Rejects
 * when anything is wrong.
 */
export async function identify(
  access: ProviderAccess,
  provider: StoredProvider,
  { step, search }: { step: Begun; search: string },
): Promise<ProviderIdentity> {
  const { openid, configuration } = await clientOf(access, provider)
  // As it was sent to the provider: behind a proxy, the request here may have another host.
  const tokens = await openid.authorizationCodeGrant(configuration, new URL(step.redirectUri + search), {
    expectedState: step.state,
    expectedNonce: step.nonce,
    pkceCodeVerifier: step.verifier,
    idTokenExpected: true,
    ...(step.confirms && { maxAge: maxConfirmationSeconds }),
  })
  const claims = tokens.claims()
  if (!claims) throw new Error("The provider sent no ID token")

  const more = configuration.serverMetadata().userinfo_endpoint
    ? await openid.fetchUserInfo(configuration, tokens.access_token, claims.sub)
    : {}
  // What is signed counts more.
  return identityOf({ ...more, ...claims }, provider.groupsClaim)
}

/** What people read when a sign-in failed: the cause is in the log. */
export function notIdentified(error: unknown, { name }: Pick<StoredProvider, "name">): Refusal {
  const isDenied = error instanceof Error && "error" in error && error.error === "access_denied"
  return isDenied
    ? new Refusal(`${name} did not let you in, or you went back. Try again`, 403)
    : new Refusal(`Your login at ${name} did not work. Try again, or tell an administrator`, 400)
}

/** The cause of a failure for the log: never what the provider sent, which may have tokens in it. */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)

  const code = "code" in error ? ` (${String(error.code)})` : ""
  const reported = "error" in error && typeof error.error === "string" ? `: ${error.error.slice(0, 100)}` : ""
  const cause = error.cause instanceof Error ? `, ${error.cause.message.slice(0, 200)}` : ""
  return `${error.message.slice(0, 200)}${code}${reported}${cause}`
}
