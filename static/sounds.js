import { byId } from "./elements.js"
import { StoredValue } from "./storage.js"

/** @import { OpenRoom } from "./room.js" */
/** @import { PageEvents } from "./events.js" */
/** @typedef {PageEvents["reading:news"]} SoundingNews */

/** The shortest time between two sounds. */
const pauseMs = 1000
/** Time for other tabs to say that they are looked at, and a random part that decides which tab is first. */
const waitMs = 200
const jitterMs = 300

/**
 * Sounds for new messages that nobody looks at. Several tabs learn of one message. Through storage, a tab that is looked at
 * tells the others, and only one of them plays.
 */
export class MessageSounds {
  #channelId
  #play
  #looked = new StoredValue("looked", { at: 0, channel: "" })
  #played = new StoredValue("sounded", 0)

  /**
   * @param {OpenRoom} room
   * @param {(kind: "mentions" | "all") => void} play
   */
  constructor({ channelId }, play) {
    this.#channelId = channelId
    this.#play = play
  }

  /** @param {SoundingNews} news */
  hear(news) {
    if (isLookedAt()) this.#looked.value = { at: Date.now(), channel: this.#channelId }
    if (isWanted(news)) setTimeout(() => this.#sound(news), waitMs + Math.random() * jitterMs)
  }

  /** @param {SoundingNews} news */
  #sound({ channelId, isForViewer }) {
    // Browsers block sound before the first interaction: another tab may play it.
    if (navigator.userActivation?.hasBeenActive === false) return

    this.#looked.reload()
    this.#played.reload()
    const isLooking = Date.now() - this.#looked.value.at < pauseMs + waitMs + jitterMs
    // A mention sounds also while another channel is looked at.
    if (isLooking && (!isForViewer || this.#looked.value.channel === channelId)) return
    if (Date.now() - this.#played.value < pauseMs) return

    this.#played.value = Date.now()
    this.#play(isForViewer ? "mentions" : "all")
  }
}

function isLookedAt() {
  return !document.hidden && document.hasFocus() && byId("jump").hidden
}

/** @param {SoundingNews} news */
function isWanted({ isForViewer }) {
  const setting = document.documentElement.dataset.sounds ?? "mentions"
  return setting === "all" || (setting === "mentions" && isForViewer)
}
