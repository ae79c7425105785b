import { type Localization, localize, variantKey } from "../../../views/localize.ts"
import { messageHtml } from "../../../views/messages.tsx"
import { nameIn, shownName } from "../../../views/people.ts"
import { AdmissionFilter, Cache, immutable } from "../../cache/cache.ts"
import { type Bytes, encode } from "../../web/bytes.ts"
import type { GrowingPage, Update } from "../../web/live/update.ts"
import type { Message } from "./contract.ts"
import { insertion, replacement, streamPatch, streamSlot } from "./fragments.ts"

/** Memory for rendered messages, in bytes or UTF-16 code units: about 20,000 of 1 KB, each localized twice. */
const maxBytes = 64 * 1024 * 1024
/** Memory for the pages that were requested once: about 700, twice as many as have their messages cached. */
const maxRequestBytes = 128 * 1024
/** Localized variants per message: more than the readers of a channel usually need. */
const maxVariants = 4

interface RenderedMessage {
  /** The names and the picture in it: they can change without a change of the message. */
  people: string
  html: string
  /** Localized markup by the viewer's `variantKey`. A plain map: it has at most `maxVariants` entries. */
  variants: Map<string, Bytes>
}

/** Caches messages as HTML: each version (`seq`) is rendered once, and pages and live readers get the same bytes. */
export class MessageCache {
  readonly #rendered = new Cache<RenderedMessage>({ maxBytes, bytesOf })
  readonly #pageRequests = new AdmissionFilter(maxRequestBytes)

  html(message: Message): string {
    return (this.#find(message) ?? this.#rendered.set(message.id, message.seq, render(message))).html
  }

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
    return (message) => (isCached ? this.#localized(message, viewer) : messageHtml(message, viewer))
  }

  #localized(message: Message, viewer: Localization): Bytes {
    const { id, seq } = message
    const rendered = this.#find(message) ?? render(message)
    const key = variantKey(viewer)
    const variant = rendered.variants.get(key)
    if (variant) return variant

    const localized = encode(localize(rendered.html, viewer))
    if (rendered.variants.size >= maxVariants) rendered.variants.clear()
    rendered.variants.set(key, localized)
    // Set again, so that the cache counts the bytes of the new variant.
    this.#rendered.set(id, seq, rendered)
    return localized
  }

  /**
   * The update for readers with this cursor. Inserts a message that is newer than the cursor by its position; replaces
   * an older one on pages that show it.
   */
  toUpdate(message: Message, cursor: number): Update {
    const html = this.html(message)
    const { seq, position } = message
    const change = { seq, position, entries: [message] }
    return position > cursor
      ? { ...change, fragment: html, wrapper: insertion, stream: (page) => this.#appended(message, page) }
      : {
          ...change,
          fragment: replacement(message, html),
          stream: (page) => page.localize(streamPatch(message, html)),
        }
  }

  /** The message in a slot, for the end of a page that has no script and may have to change the message later. */
  inStream(message: Message, page: Pick<GrowingPage, "localize">): string {
    return page.localize(streamSlot(message, this.html(message)))
  }

  #find(message: Message): RenderedMessage | undefined {
    const cached = this.#rendered.get(message.id, message.seq)
    return cached?.people === peopleIn(message) ? cached : undefined
  }

  #appended(message: Message, page: GrowingPage): string {
    return page.dayBefore(message.createdAt) + this.inStream(message, page)
  }
}

function render(message: Message): RenderedMessage {
  return { people: peopleIn(message), html: messageHtml(message), variants: new Map() }
}

function bytesOf({ html, variants }: RenderedMessage): number {
  let bytes = html.length
  for (const variant of variants.values()) bytes += variant.length
  return bytes
}

function peopleIn(message: Message): string {
  const { username, avatarUrl, extras } = message
  const name = `${shownName(message)}\n${username}`
  const { mentions, replyTo } = extras ?? {}
  if (!avatarUrl && !mentions && !replyTo) return name

  const ids = [...(mentions ?? []), ...(replyTo ? [replyTo] : [])]
  return [name, avatarUrl, ...ids.map((one) => nameIn(message, one))].join("\n")
}
