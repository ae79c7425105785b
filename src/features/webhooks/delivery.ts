import { type PublicFetch, PublicFetchError } from "../../web/public-fetch.ts"
import type { Message } from "../messages/contract.ts"
import type { OutgoingHook } from "./outgoing-store.ts"

const timeoutMs = 10_000
/** Longest time that a receiver's `Retry-After` is heeded. */
const maxRetryAfterSeconds = 3600

interface Outcome {
  isTaken: boolean
  /** For the owner to read: `200`, or why not. */
  status: string
  retryAfterMs?: number
  /** The receiver does not want to be told again (410). */
  isGone?: boolean
}

/** Tells an address of one change. It is taken when any 2xx is answered in time; a redirect is no answer. */
export async function deliver(fetcher: PublicFetch, hook: OutgoingHook, message: Message): Promise<Outcome> {
  const body = JSON.stringify(eventOf(hook, message))
  const seconds = Math.floor(Date.now() / 1000)
  const headers = {
    "content-type": "application/json",
    "x-covenant-event": typeOf(hook, message),
    "x-covenant-delivery": deliveryId(message),
    "x-covenant-signature": `t=${seconds},v1=${signatureOf(hook.secret, seconds, body)}`,
  }
  try {
    const asking = { method: "POST", headers, body, maxBytes: 0, wantsBody: () => false } as const
    const answer = await fetcher.fetch(hook.url, { ...asking, maxRedirects: 0, timeoutMs })
    const { status } = answer
    const isTaken = status >= 200 && status < 300
    const retryAfter = Number(answer.headers.get("retry-after"))
    const retryAfterMs = retryAfter > 0 ? Math.min(retryAfter, maxRetryAfterSeconds) * 1000 : undefined
    return { isTaken, status: String(status), retryAfterMs, isGone: status === 410 }
  } catch (error) {
    if (error instanceof PublicFetchError) return { isTaken: false, status: error.message }

    throw error
  }
}

/** HMAC-SHA256 over the time and the body, so that neither an old delivery nor another body passes for a new one. */
export function signatureOf(secret: string, seconds: number, body: string): string {
  return new Bun.CryptoHasher("sha256", secret).update(`${seconds}.${body}`).digest("hex")
}

/** What is told: the message as it is now. Changes that follow each other faster than they are told are told as one. */
function eventOf(hook: OutgoingHook, message: Message) {
  const { serverId, channelId, seq } = message
  return { id: deliveryId(message), type: typeOf(hook, message), serverId, channelId, seq, message }
}

/** The same for the same change, however often it is told. */
function deliveryId({ channelId, seq }: Message): string {
  return `${channelId}-${seq}`
}

function typeOf({ deliveredSeq }: OutgoingHook, { position, deletedAt }: Message): string {
  if (deletedAt) return "message.deleted"
  return position > deliveredSeq ? "message.created" : "message.updated"
}
