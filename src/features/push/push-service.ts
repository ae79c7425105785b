import type { Config } from "../../config.ts"
import { fetcherFor, isNamedHost } from "../../web/named-hosts.ts"
import { type PublicFetch, PublicFetchError } from "../../web/public-fetch.ts"
import { type DeviceKeys, encryptPush } from "./encryption.ts"
import type { Push } from "./payload.ts"
import type { VapidSigner } from "./vapid.ts"

const timeoutMs = 10_000
/** Longest `Retry-After` that is respected. */
const maxRetryAfterMs = 3_600_000
/** No connection was made, so that the push service cannot have taken the message. */
const neverConnected =
  /\((ConnectionRefused|FailedToOpenSocket|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)\)$/

export interface PushAccess {
  config: Pick<Config, "privatePushHosts">
  outside: { fetcher: PublicFetch }
}

interface PushTarget extends DeviceKeys {
  endpoint: string
}

export interface PushOutcome {
  isAccepted: boolean
  /** The status of the answer, or why there was none. */
  status: string
  /** The device does not exist any more (404, 410). */
  isGone: boolean
  /** The push service has not taken it, and may later. */
  mayRetry: boolean
  retryAfterMs?: number
}

/**
 * Sends one message to the push service of a device (RFC 8030, section 5). Whether it was taken may stay unknown: then
 * `mayRetry` is false, because a second notice is worse than none.
 */
export async function postPush(
  { config, outside }: PushAccess,
  signer: VapidSigner,
  { target, push, now }: { target: PushTarget; push: Push; now: Date },
): Promise<PushOutcome> {
  const { endpoint } = target
  const isNamed = isNamedHost(config.privatePushHosts, endpoint)
  if (!isNamed && !endpoint.startsWith("https:")) return failed("Not HTTPS")

  try {
    const headers = {
      authorization: await signer.authorization(endpoint, now),
      "content-type": "application/octet-stream",
      "content-encoding": "aes128gcm",
      ttl: String(push.ttlSeconds),
      urgency: push.urgency,
      topic: push.topic,
    }
    const body = await encryptPush(push.text, target)
    const fetcher = fetcherFor(config.privatePushHosts, endpoint, outside.fetcher)
    const request = { method: "POST", headers, body, maxBytes: 0, wantsBody: () => false } as const
    const response = await fetcher.fetch(endpoint, { ...request, maxRedirects: 0, timeoutMs })
    return outcomeOf(response.status, response.headers.get("retry-after"), now)
  } catch (error) {
    if (!(error instanceof PublicFetchError)) throw error
    return { ...failed(error.message), mayRetry: neverConnected.test(error.message) }
  }
}

function outcomeOf(status: number, retryAfter: string | null, now: Date): PushOutcome {
  return {
    isAccepted: status >= 200 && status < 300,
    status: String(status),
    isGone: status === 404 || status === 410,
    mayRetry: status === 429 || status >= 500,
    retryAfterMs: retryAfter === null ? undefined : waitOf(retryAfter, now),
  }
}

const failed = (status: string): PushOutcome => ({
  isAccepted: false,
  status,
  isGone: false,
  mayRetry: false,
})

/** A number of seconds or a date. Source: RFC 9110, section 10.2.3. */
export function waitOf(retryAfter: string, now: Date): number | undefined {
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - now.getTime()
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), maxRetryAfterMs) : undefined
}
