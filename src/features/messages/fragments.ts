import { fitted, sizeOf } from "../../../views/fitted.ts"
import { fittedMessage, messageMarkup } from "../../../views/plain-message.tsx"
import { type Bytes, encode } from "../../web/bytes.ts"
import { leftOf } from "../../web/kept.ts"
import type { GrowingPage, Update } from "../../web/live/update.ts"
import type { Reader } from "../visit.ts"
import type { Message } from "./contract.ts"

/** Kept articles: about 1 KB each, and as much for each way in which readers want them. */
const maxKept = 20_000
/** More ways than are usual among the readers of one channel. */
const maxFits = 4

type Version = Pick<Message, "seq" | "username">

interface Article extends Version {
  html: string
  /** As readers of a page want it (`fitted`), by `sizeOf`. */
  fits: Map<string, Bytes>
}

/**
 * Messages as HTML, each version rendered once and kept: pages and live readers get the same bytes. A version is
 * what is said and who said it, since a name can change and the message's `seq` not.
 */
export class Articles {
  readonly #kept = new Map<string, Article>()
  /** On a page once: of history few are again, and to keep one takes longer than to render it. */
  readonly #seen = new Set<string>()

  of(message: Message): string {
    return this.#article(message).html
  }

  /** For a page, as its reader wants it who may have no script that would see to that. */
  fit(message: Message, reader: Reader): string | Bytes {
    if (!isVersion(this.#kept.get(message.id), message) && !this.#seen.has(message.id)) {
      this.#seen.add(message.id)
      if (this.#seen.size > maxKept) this.#seen.clear()
      return fittedMessage(message, reader)
    }
    const { html, fits } = this.#article(message)
    const size = sizeOf(reader)
    const known = fits.get(size)
    if (known !== undefined) return known

    const fit = encode(fitted(html, reader))
    if (fits.size >= maxFits) fits.clear()
    fits.set(size, fit)
    return fit
  }

  /**
   * A change for readers who have everything up to `cursor`. What is new to them goes where its position says;
   * what they know is replaced where they have it, and ignored where they do not.
   */
  change(message: Message, cursor: number): Update {
    const article = this.of(message)
    const { seq, position } = message
    const known = { seq, position, entries: [message] }
    return position > cursor
      ? { ...known, fragment: article, wrapper: insertion, stream: (page) => this.#appended(message, page) }
      : {
          ...known,
          fragment: replaced(message, article),
          stream: (page) => page.fit(patch(message, article)),
        }
  }

  /** At the end of a page that has no script and yet must be able to change this message later. */
  inStream(message: Message, { fit }: Pick<GrowingPage, "fit">): string {
    return fit(slot(message, this.of(message)))
  }

  #article(message: Message): Article {
    const kept = this.#kept.get(message.id)
    if (kept && isVersion(kept, message)) return kept

    const { seq, username } = message
    const html = messageMarkup(message)
    const article = { seq, username, html, fits: new Map() }
    this.#seen.delete(message.id)
    this.#kept.delete(message.id)
    this.#kept.set(message.id, article)
    if (this.#kept.size > maxKept) this.#makeRoom()
    return article
  }

  #makeRoom(): void {
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= leftOf(maxKept)) return
      this.#kept.delete(oldest)
    }
  }

  #appended(message: Message, page: GrowingPage): string {
    return page.dayBefore(message.createdAt) + this.inStream(message, page)
  }
}

function isVersion(known: Version | undefined, { seq, username }: Message): boolean {
  return known?.seq === seq && known.username === username
}

const insertion = {
  open: `<hx-upsert hx-target="#messages[data-live]" key="data-position" sort>`,
  close: "</hx-upsert>",
}

function replaced({ id }: Message, article: string): string {
  return `<hx-partial hx-target="#message-${id}" hx-swap="outerHTML">${article}</hx-partial>`
}

/**
 * A stream can only be appended to, but HTML can say "put this there": `<template for>` replaces what stands
 * between the marks of that name (WICG declarative partial updates, in Chromium since 2026). The radio buttons
 * serve the browsers that cannot: two of one name are never both checked, so the older version, unchecked by
 * the newer, is hidden by the style sheet, and the newer one stands at the end. Browsers that can are told to
 * remove it again.
 */
function slot({ id }: Message, article: string): string {
  return `<?start name="message-${id}"><div class="version">${latest(id)}${article}</div><?end>`
}

function patch(message: Message, article: string): string {
  const { id, seq } = message
  const name = `fallback-${id}-${seq}`
  const fallback = `<?start name="${name}"><div class="version">${latest(id)}${withoutId(article)}</div><?end>`
  // The new version comes last: of two checked buttons the later one wins, and the fallback's is to go again.
  return `${fallback}<template for="${name}"></template><template for="message-${id}">${slot(message, article)}</template>`
}

function latest(id: string): string {
  return `<input type="radio" name="version-${id}" checked disabled hidden>`
}

/** The fallback stands beside the version it replaces: an id must not be there twice, nor name the old one. */
function withoutId(article: string): string {
  return article.replaceAll(/ id="[^"]*"/g, "")
}
