import { type PublicFetch, PublicFetchError } from "../../web/public-fetch.ts"
import type { Message } from "../messages/contract.ts"
import type { OutgoingHook } from "./outgoing-store.ts"

const timeoutMs = 10_000
/** Longest `Retry-After` of a receiver that is respected. */
const maxRetryAfterSeconds = 3600

interface DeliveryOutcome {
  isAccepted: boolean
  /** Shown to the server's owner: a status such as `200`, or why there was no response. */
  status: string
  retryAfterMs?: number
  /** The receiver wants no further deliveries (410). */
  isGone?: boolean
}

/** Posts one change to a hook's URL. A 2xx in time accepts it; redirects are not followed and count as failures. */
export async function deliverToWebhook(
  fetcher: PublicFetch,
  hook: OutgoingHook,
  message: Message,
): Promise<DeliveryOutcome> {
  const body = JSON.stringify(eventOf(hook, message))
  const seconds = Math.floor(Date.now() / 1000)
  const headers = {
    "content-type": "application/json",
    "x-covenant-event": eventType(hook, message),
    "x-covenant-delivery": deliveryId(message),
    "x-covenant-signature": `t=${seconds},v1=${signatureOf(hook.secret, seconds, body)}`,
  }
  try {
    const request = { method: "POST", headers, body, maxBytes: 0, wantsBody: () => false } as const
    const response = await fetcher.fetch(hook.url, { ...request, maxRedirects: 0, timeoutMs })
    const { status } = response
    const isAccepted = status >= 200 && status < 300
    const retryAfter = Number(response.headers.get("retry-after"))
    const retryAfterMs = retryAfter > 0 ? Math.min(retryAfter, maxRetryAfterSeconds) * 1000 : undefined
    return { isAccepted, status: String(status), retryAfterMs, isGone: status === 410 }
  } catch (error) {
    if (error instanceof PublicFetchError) return { isAccepted: false, status: error.message }

    throw error
  }
}

/** HMAC-SHA256 over the time and the body: an attacker can neither replay an old delivery nor replace its body. */
export function signatureOf(secret: string, seconds: number, body: string): string {
  return new Bun.CryptoHasher("sha256", secret).update(`${seconds}.${body}`).digest("hex")
}

/** The body of a delivery, with the current state of the message: quick changes of one message are combined. */
function eventOf(hook: OutgoingHook, message: Message) {
  const { serverId, channelId, seq } = message
  return { id: deliveryId(message), type: eventType(hook, message), serverId, channelId, seq, message }
}

/** The same in every attempt, so that receivers can ignore repetitions. */
function deliveryId({ channelId, seq }: Message): string {
  return `${channelId}-${seq}`
}

function eventType({ deliveredSeq }: OutgoingHook, { position, deletedAt }: Message): string {
  if (deletedAt) return "message.deleted"
  return position > deliveredSeq ? "message.created" : "message.updated"
}
