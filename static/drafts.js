import { cloneTemplate, find, findAll, get } from "./elements.js"
import { on } from "./events.js"
import { onSwapAroundLog } from "./swaps.js"

/** The stored values that belong to an unsent message. */
const kinds = ["draft", "files", "outbox"]

/** Marks links to channels in which something unsent is stored on this device, by this tab or another. */
export class DraftMarks {
  #viewerId

  /** @param {string} viewerId */
  constructor(viewerId) {
    this.#viewerId = viewerId
    this.#show()
    onSwapAroundLog(() => this.#show())
    // With each letter: only the channel whose draft it is.
    on("stored:changed", ({ key }) => this.#isOwn(key) && this.#show(key.split(":")[2]))
    addEventListener("storage", ({ key }) => (key === null || this.#isOwn(key)) && this.#show())
    addEventListener("pageshow", ({ persisted }) => persisted && this.#show())
  }

  /** @param {string} [channelId] only this one */
  #show(channelId) {
    const selector = channelId ? `a[data-channel="${CSS.escape(channelId)}"]` : "a[data-channel]"
    for (const link of findAll(document, selector)) {
      const label = this.#labelFor(link.dataset.channel ?? "")
      const shown = find(link, ".drafted")
      if (label === (shown?.textContent.trim() ?? "")) continue

      shown?.remove()
      if (!label) continue

      const mark = cloneTemplate("draft-mark")
      get(mark, "span").textContent = label
      find(link, ".tally")?.before(mark)
    }
  }

  /**
   * What screen readers say after the channel's name.
   * @param {string} channelId
   */
  #labelFor(channelId) {
    const [draft, files, outbox] = kinds.map((kind) => read(`${kind}:${this.#viewerId}:${channelId}`))
    return outbox ? "(not sent)" : draft || files ? "(draft)" : ""
  }

  /** @param {string} key */
  #isOwn(key) {
    return kinds.some((kind) => key.startsWith(`${kind}:${this.#viewerId}:`))
  }
}

/** @param {string} key */
function read(key) {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}
