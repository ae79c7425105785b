import { type Localization, localize, variantKey } from "../../../views/localize.ts"
import { messageHtml } from "../../../views/message-html.tsx"
import { AdmissionFilter, Cache } from "../../cache/cache.ts"
import { type Bytes, encode } from "../../web/bytes.ts"
import type { GrowingPage, Update } from "../../web/live/update.ts"
import type { Message } from "./contract.ts"
import { insertion, replacement, streamPatch, streamSlot } from "./fragments.ts"

/** Memory for rendered messages, in bytes or UTF-16 code units: some 20,000 of 1 KB, localized for two clocks. */
const maxBytes = 64 * 1024 * 1024
/** Variants of one message: more than there usually are among the readers of a channel. */
const maxVariants = 4

interface RenderedMessage {
  /** What its author was called: that can change without a change of the message. */
  username: string
  html: string
  /** Localized for viewers, by their `variantKey`. A plain map: it has at most four entries. */
  variants: Map<string, Bytes>
}

/**
 * Caches messages as HTML: each version (`seq`) is rendered once, and pages and live readers get the same bytes.
 */
export class MessageCache {
  readonly #rendered = new Cache<RenderedMessage>({ maxBytes, bytesOf })
  readonly #pageRequests = new AdmissionFilter()

  html(message: Message): string {
    return (this.#find(message) ?? this.#rendered.set(message.id, message.seq, render(message))).html
  }

  /** For a page whose viewer may have no script that would localize it. */
  htmlFor(message: Message, viewer: Localization): string | Bytes {
    const { id, seq } = message
    const cached = this.#find(message)
    if (!cached && !this.#pageRequests.admits(id, seq)) return messageHtml(message, viewer)

    const rendered = cached ?? render(message)
    const key = variantKey(viewer)
    const variant = rendered.variants.get(key)
    if (variant) return variant

    const localized = encode(localize(rendered.html, viewer))
    if (rendered.variants.size >= maxVariants) rendered.variants.clear()
    rendered.variants.set(key, localized)
    // Once more, since it has grown.
    this.#rendered.set(id, seq, rendered)
    return localized
  }

  /**
   * A change for readers who have everything up to `cursor`. A message that is new to them is inserted by its position;
   * one they have is replaced where it is shown, and ignored where it is not.
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

  /** At the end of a page that has no script and yet must be able to change this message later. */
  inStream(message: Message, page: Pick<GrowingPage, "localize">): string {
    return page.localize(streamSlot(message, this.html(message)))
  }

  #find({ id, seq, username }: Message): RenderedMessage | undefined {
    const cached = this.#rendered.get(id, seq)
    return cached?.username === username ? cached : undefined
  }

  #appended(message: Message, page: GrowingPage): string {
    return page.dayBefore(message.createdAt) + this.inStream(message, page)
  }
}

function render(message: Message): RenderedMessage {
  return { username: message.username, html: messageHtml(message), variants: new Map() }
}

function bytesOf({ html, variants }: RenderedMessage): number {
  let bytes = html.length
  for (const variant of variants.values()) bytes += variant.length
  return bytes
}
