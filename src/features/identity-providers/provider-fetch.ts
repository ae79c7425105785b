import type { CustomFetch } from "openid-client"
import { fetcherFor, isNamedHost } from "../../web/named-hosts.ts"
import { PublicFetchError, type PublicResponse } from "../../web/public-fetch.ts"
import type { Services } from "../services.ts"

/** Metadata, keys, tokens and claims take some KB; people in many groups some tens. */
const maxBytes = 512 * 1024
const timeoutMs = 8000

/** What requests to providers need. */
export type ProviderAccess = Pick<Services, "config" | "outside">

interface ProviderRequest {
  method?: "GET" | "POST"
  headers?: Record<string, string>
  body?: string
}

/** Did the operator name this host as one in their own network (`OIDC_PRIVATE_HOSTS`)? */
export function isPrivateHost({ config }: Pick<ProviderAccess, "config">, url: string): boolean {
  return isNamedHost(config.privateProviderHosts, url)
}

/**
 * Asks a provider. Its addresses come from an administrator and from the provider itself, and must not reach into the
 * operator's network, except where the operator says so. Redirects are not followed. Rejects with `PublicFetchError`.
 */
export async function askProvider(
  access: ProviderAccess,
  url: string,
  request: ProviderRequest = {},
): Promise<PublicResponse> {
  if (!URL.canParse(url)) throw new PublicFetchError("Not a URL")

  const isPrivate = isPrivateHost(access, url)
  if (!isPrivate && !url.startsWith("https:")) throw new PublicFetchError("Not HTTPS")

  const fetcher = fetcherFor(access.config.privateProviderHosts, url, access.outside.fetcher)
  return fetcher.fetch(url, { ...request, maxBytes, timeoutMs, maxRedirects: 0 })
}

/** The same as the `fetch` that openid-client takes. */
export function fetchFor(access: ProviderAccess): CustomFetch {
  return async (url, { method, headers, body }) => {
    const request = { method: method === "POST" ? "POST" : "GET", headers } as const
    const sent = body === undefined || body === null ? {} : { body: String(body) }
    const { status, headers: answered, bytes } = await askProvider(access, url, { ...request, ...sent })
    const hasBody = ![101, 204, 205, 304].includes(status)
    return new Response(hasBody ? bytes : null, { status, headers: answered })
  }
}
