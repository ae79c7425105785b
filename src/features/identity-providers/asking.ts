import { z } from "zod"
import { PublicFetchError, type PublicResponse } from "../../web/public-fetch.ts"
import { askProvider, isPrivateHost, type ProviderAccess } from "./provider-fetch.ts"
import type { StoredProvider } from "./store.ts"

/** A check that failed: the message says what is wrong and what to do. */
export class CheckFailed extends Error {}

/** What is checked, and what the checks found so far. */
export interface Checked {
  access: ProviderAccess
  provider: StoredProvider
  secret: string
  redirectUri: string
  metadata: Metadata
}

// Of other types it is as if it were not there.
const Maybe = z.string().optional().catch(undefined)
const Names = z.array(z.string()).optional().catch(undefined)
export const Metadata = z.object({
  issuer: Maybe,
  authorization_endpoint: Maybe,
  token_endpoint: Maybe,
  jwks_uri: Maybe,
  response_types_supported: Names,
  scopes_supported: Names,
  code_challenge_methods_supported: Names,
  token_endpoint_auth_methods_supported: Names,
})
export type Metadata = z.infer<typeof Metadata>

/** Asks the provider. Fails with a sentence that names the address and the cause. */
export async function ask(
  { access }: Checked,
  url: string,
  request: Parameters<typeof askProvider>[2] = {},
): Promise<PublicResponse> {
  try {
    return await askProvider(access, url, request)
  } catch (error) {
    if (!(error instanceof PublicFetchError)) throw error
    const isOfOperator = URL.canParse(url) && isPrivateHost(access, url)
    const hint = isOfOperator
      ? ""
      : ". If it is in your own network or has no HTTPS, name its host in OIDC_PRIVATE_HOSTS"
    throw new CheckFailed(`${url} did not answer: ${error.message}${hint}`)
  }
}

/** The JSON of an answer; fails with a sentence for anything else. */
export function jsonOf(url: string, { status, headers, bytes }: PublicResponse): unknown {
  const location = headers.get("location")
  if (location !== null)
    throw new CheckFailed(`${url} leads to ${location}: enter the address that it leads to`)
  if (status !== 200) throw new CheckFailed(`${url} answers with the status ${status} instead of 200`)
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    throw new CheckFailed(`${url} does not answer with JSON. Is this the address of a provider?`)
  }
}
