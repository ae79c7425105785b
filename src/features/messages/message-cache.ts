import { type Localization, variantKey } from "../../../views/localize.ts"
import { messageHtml } from "../../../views/messages.tsx"
import { nameIn, shownName } from "../../../views/people.ts"
import { AdmissionFilter, Cache, immutable } from "../../cache/cache.ts"
import { type Bytes, encode } from "../../web/bytes.ts"
import type { Message } from "./contract.ts"

/** Memory for rendered messages: about 80,000 of 450 bytes. */
const maxBytes = 64 * 1024 * 1024
/** Memory for the pages that were requested once: about 700, twice as many as have their messages cached. */
const maxRequestBytes = 128 * 1024

/**
 * Caches the messages of pages as HTML, for all viewers to whom times and pictures are shown alike. Live updates are
 * rendered once for all their readers, and not cached: a busy channel would fill the cache with what no page asks for.
 */
export class MessageCache {
  readonly #rendered = new Cache<Bytes>({ maxBytes, bytesOf: ({ length }) => length })
  readonly #pageRequests = new AdmissionFilter(maxRequestBytes)

  /**
   * Returns a function that renders the messages of a page, localized for its viewer, who may have no script to do it.
   * The end of a log (`isEnd`) is cached, other pages once they are requested again: most are not, and to look for each of
   * their messages would take as long as to read them.
   */
  forPage(
    messages: Message[],
    viewer: Localization,
    { isEnd }: { isEnd: boolean },
  ): (message: Message) => string | Bytes {
    const firstId = messages[0]?.id
    const isCached = isEnd || (firstId !== undefined && this.#pageRequests.admits(firstId, immutable))
    if (!isCached) return (message) => messageHtml(message, viewer)

    const variant = variantKey(viewer)
    return (message) =>
      this.#rendered.getOrCreate(`${message.id} ${variant}`, versionOf(message), () =>
        encode(messageHtml(message, viewer)),
      )
  }
}

/** The message's own version, and the names and pictures in it: they can change without a change of the message. */
function versionOf(message: Message): string {
  const { seq, username, avatarUrl, extras } = message
  const version = `${seq} ${shownName(message)}\n${username}`
  const { mentions, replyTo } = extras ?? {}
  if (!avatarUrl && !mentions && !replyTo) return version

  const ids = [...(mentions ?? []), ...(replyTo ? [replyTo] : [])]
  return [version, avatarUrl, ...ids.map((one) => nameIn(message, one))].join("\n")
}
