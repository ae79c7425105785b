import type { ClientAuth, Configuration } from "openid-client"
import { memoize } from "../../cache/memoize.ts"
import type { Config } from "../../config.ts"
import { open } from "../secret-box.ts"
import { fetchFor, isPrivateHost, type ProviderAccess } from "./provider-fetch.ts"
import type { StoredProvider } from "./store.ts"

type OpenId = typeof import("openid-client")

/** What one needs to speak to a provider: the library, and the provider's metadata. */
export interface Client {
  openid: OpenId
  configuration: Configuration
}

/** How long the metadata of a provider is used before it is read again. Keys are read again when one is unknown. */
const metadataMs = 10 * 60_000
const maxKept = 50
const timeoutSeconds = 10

interface Kept {
  until: number
  client: Promise<Client>
}

const keptBy = memoize((_config: Config) => new Map<string, Kept>())

/**
 * The client of a provider, by OpenID Connect discovery. Rejects when the provider cannot be reached, or is not the issuer
 * that it should be.
 */
export async function clientOf(access: ProviderAccess, provider: StoredProvider): Promise<Client> {
  const kept = keptBy(access.config)
  // A changed secret, issuer or client is another one.
  const key = JSON.stringify([provider.id, provider.issuer, provider.clientId, provider.clientSecret])
  const known = kept.get(key)
  if (known && known.until > Date.now()) return known.client

  const client = discover(access, provider)
  kept.delete(key)
  kept.set(key, { until: Date.now() + metadataMs, client })
  for (const oldest of kept.keys()) {
    if (kept.size <= maxKept) break
    kept.delete(oldest)
  }
  try {
    return await client
  } catch (error) {
    kept.delete(key)
    throw error
  }
}

async function discover(access: ProviderAccess, provider: StoredProvider): Promise<Client> {
  const { issuer, clientId } = provider
  // Loaded when it is needed: most instances have no provider.
  const openid = await import("openid-client")
  const isInsecure = issuer.startsWith("http:") && isPrivateHost(access, issuer)
  const auth = authenticationBy(openid, secretOf(access, provider))
  const configuration = await openid.discovery(new URL(issuer), clientId, undefined, auth, {
    // The signature of the ID token is checked too: by plain HTTP, or behind a proxy, TLS does not vouch for it.
    execute: [openid.enableNonRepudiationChecks, ...(isInsecure ? [openid.allowInsecureRequests] : [])],
    [openid.customFetch]: fetchFor(access),
    timeout: timeoutSeconds,
  })
  return { openid, configuration }
}

/** The client secret; empty for a public client. Throws when it cannot be read any more. */
export function secretOf(
  { config }: Pick<ProviderAccess, "config">,
  { clientSecret }: StoredProvider,
): string {
  if (clientSecret === "") return ""

  const secret = open(config, clientSecret)
  if (secret === undefined)
    throw new Error("The stored client secret cannot be read: AUTH_SECRET was changed")
  return secret
}

/** Source: OpenID Connect Discovery 1.0, section 3: without a list of methods it is `client_secret_basic`. */
export function authenticationBy(openid: OpenId, secret: string): ClientAuth {
  if (secret === "") return openid.None()

  return (as, ...request) => {
    const { token_endpoint_auth_methods_supported: methods = ["client_secret_basic"] } = as
    const isPost = methods.includes("client_secret_post") && !methods.includes("client_secret_basic")
    const authenticate = isPost ? openid.ClientSecretPost(secret) : openid.ClientSecretBasic(secret)
    authenticate(as, ...request)
  }
}
