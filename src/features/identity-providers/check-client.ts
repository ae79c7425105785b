import { z } from "zod"
import type { PublicResponse } from "../../web/public-fetch.ts"
import { ask, type Checked, CheckFailed } from "./asking.ts"
import { authenticationBy } from "./client.ts"

// What a provider thinks of this chat can be found out without a person: it refuses an invalid code only from a client
// that it knows, and leads back (without a page, for `prompt=none`) only to an address that it knows.

const Answer = z.object({ error: z.string().catch("") }).catch({ error: "" })

/** Asks for tokens with a code that never was: who is refused for the code alone is a known client. */
export async function checkClient(checked: Checked): Promise<string> {
  const { provider, secret, redirectUri, metadata } = checked
  const openid = await import("openid-client")
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    code: "check",
    redirect_uri: redirectUri,
    code_verifier: openid.randomPKCECodeVerifier(),
  })
  const headers = new Headers({
    "content-type": "application/x-www-form-urlencoded",
    accept: "application/json",
  })
  const { issuer = provider.issuer } = metadata
  const server = { ...metadata, issuer } as Parameters<ReturnType<typeof authenticationBy>>[0]
  authenticationBy(openid, secret)(server, { client_id: provider.clientId }, body, headers)
  const answer = await ask(checked, metadata.token_endpoint ?? "", {
    method: "POST",
    headers: Object.fromEntries(headers),
    body: String(body),
  })
  const error = errorIn(answer)
  if (error === "invalid_client" || error === "unauthorized_client" || answer.status === 401)
    throw new CheckFailed(
      secret === ""
        ? "The provider rejects the client: the client ID is wrong, or it expects a client secret"
        : "The provider rejects the client: the client ID or the client secret is wrong",
    )
  if (answer.status >= 500)
    throw new CheckFailed(`${metadata.token_endpoint} answers with the status ${answer.status}`)
  return "The provider knows the client"
}

function errorIn({ bytes }: PublicResponse): string {
  try {
    return Answer.parse(JSON.parse(new TextDecoder().decode(bytes))).error
  } catch {
    return ""
  }
}

/** What a provider answers when all is well but nobody is signed in. Source: OpenID Connect Core 1.0, section 3.1.2.6. */
const needsPerson = new Set([
  "login_required",
  "interaction_required",
  "consent_required",
  "account_selection_required",
])

/** Begins a sign-in without a person, and looks where that leads. */
export async function checkRedirect(checked: Checked): Promise<string> {
  const { provider, redirectUri, metadata } = checked
  const openid = await import("openid-client")
  const url = new URL(metadata.authorization_endpoint ?? "")
  const asked = {
    client_id: provider.clientId,
    response_type: "code",
    redirect_uri: redirectUri,
    scope: provider.scopes,
    state: openid.randomState(),
    nonce: openid.randomNonce(),
    code_challenge: await openid.calculatePKCECodeChallenge(openid.randomPKCECodeVerifier()),
    code_challenge_method: "S256",
    prompt: "none",
  }
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value)
  const { status, headers } = await ask(checked, url.href, { headers: { accept: "text/html" } })
  const location = headers.get("location") ?? ""
  if (location.startsWith(redirectUri)) {
    const { searchParams } = new URL(location)
    const error = searchParams.get("error") ?? ""
    // A code: a provider that asks nobody, such as one that knows people by their network.
    if (needsPerson.has(error) || searchParams.has("code")) return "The provider knows the redirect address"
    throw new CheckFailed(
      `The provider refuses to log people in for this client: ${error || "without a reason"}`,
    )
  }
  if (status >= 400)
    throw new CheckFailed(
      `The provider refuses to start a login (status ${status}). Enter ${redirectUri} there as the redirect address, exactly as it is here`,
    )
  return "The provider does not refuse the redirect address"
}
