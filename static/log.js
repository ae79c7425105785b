import { stopAnimations } from "./appearance.js"
import { markDays } from "./days.js"
import { byId } from "./elements.js"
import { emit, on } from "./events.js"
import { loadLater } from "./later.js"
import { returnTo, visiblePlace } from "./log-place.js"
import { appendNewest, changedBy, positionOf, removePending } from "./log-swaps.js"
import { groupMessages, pressOwnReactions } from "./message-groups.js"
import { keepUncovered } from "./message-text.js"
import { ReadTimer } from "./read-timer.js"

/** @import { LiveConnection } from "./live.js" */
/** @import { LogAnnouncer } from "./log-announcer.js" */
/** @import { LogPlace } from "./log-place.js" */
/** @import { OpenRoom } from "./room.js" */
/** @import { LocalTimes } from "./times.js" */

/** Closer to the end than this counts as at the end. */
const nearEndPx = 100
/** With more in the page, some are removed: see `log-bounds.js`. It is less at the end, where nobody reads the rest. */
const maxAtEnd = 350
const maxInHistory = 400

/**
 * The log of messages: stays at its end while the viewer is there, else where they read, keeps the page from growing, and
 * announces new messages.
 */
export class MessageLogView {
  #room
  #times
  #log = byId("log")
  #messages = byId("messages")
  #jump = byId("jump")
  #observer = new MutationObserver((records) => this.#changed(records))
  #readTimer
  /** @type {LogAnnouncer | undefined} */
  #announcer
  /** Does the viewer see the end, and are live messages added there? */
  #isAtEnd = true
  /** How many new messages are below the visible part. */
  #unseen = 0
  /** The highest position the page has shown. */
  #highest
  /**
   * Where the log was before a swap.
   * @type {LogPlace | null}
   */
  #before = null

  /**
   * @param {OpenRoom} room
   * @param {{ live: LiveConnection, times: LocalTimes, place: LogPlace | null }} parts `place`: where it was left
   */
  constructor(room, { live, times, place }) {
    this.#room = room
    this.#times = times
    this.#highest = this.#lastPosition
    this.#readTimer = new ReadTimer({
      isReading: () => this.#isAtEnd && !document.hidden,
      position: () => this.#lastPosition,
    })
    this.#arrange()
    this.#scrollToStart(place)
    this.#observe()
    this.#listen(live)
  }

  /** Does it show the newest messages, where live ones are added? */
  get #isLive() {
    return this.#messages.hasAttribute("data-live")
  }

  /** Of the last stored message: they are in order, and those that are not stored yet come after them. */
  get #lastPosition() {
    let last = this.#messages.lastElementChild
    while (last && !positionOf(last)) last = last.previousElementSibling
    return last ? positionOf(last) : 0
  }

  get #isTooLong() {
    return this.#messages.childElementCount > (this.#isAtEnd ? maxAtEnd : maxInHistory)
  }

  #observe() {
    this.#log.addEventListener("scroll", () => this.#scrolled(), { passive: true })
    new ResizeObserver(() => this.#isAtEnd && this.#scrollToEnd()).observe(this.#log)
    this.#observer.observe(this.#messages, { childList: true })
  }

  /** @param {LiveConnection} live */
  #listen(live) {
    this.#jump.addEventListener("click", () => {
      if (!this.#isLive) return location.assign(this.#room.path)
      this.#scrollToEnd()
      byId("composer-content").focus()
    })
    const { signal } = this.#room
    on("log:pending", () => this.#scrollToEnd(), signal)
    const onNewest = (/** @type {{ seq: number }} */ { seq }) => {
      this.#messages.toggleAttribute("data-live", true)
      this.#scrolled()
      live.restartFrom(seq)
    }
    on("log:newest", onNewest, signal)
    on("appearance:changed", () => this.#arrange(), signal)
    document.addEventListener("visibilitychange", () => this.#readTimer.update(), { signal })
    document.addEventListener("htmx:before:swap", (event) => this.#beforeSwap(event), { signal })
    document.addEventListener("htmx:after:swap", () => this.#afterSwap(), { signal })
    signal.addEventListener("abort", () => this.#readTimer.stop())
  }

  /** @param {HtmxEvents["htmx:before:swap"]} event */
  #beforeSwap({ detail }) {
    for (const { fragment } of detail.tasks) {
      keepUncovered(fragment)
      removePending(fragment)
    }
    appendNewest(detail.tasks, this.#messages)
    // What is added at the end moves nothing, and reading these figures lays out the page.
    this.#before = this.#isAtEnd ? null : visiblePlace()
  }

  #afterSwap() {
    // Safari moves what is visible when something above it grows.
    if (this.#before && !this.#isAtEnd) returnTo(this.#before)
    if (this.#isTooLong) this.#trim()
  }

  /** Without a connection it waits for the next change. */
  async #trim() {
    const bounds = await loadLater("log-bounds.js", () => import("./log-bounds.js")).catch(() => null)
    if (!bounds || this.#room.signal.aborted || !this.#isTooLong) return

    if (this.#isAtEnd) return bounds.keepNewest(this.#messages, this.#room.path)
    const arrange = () => this.#changed(this.#observer.takeRecords())
    if (!bounds.keepAround(this.#messages, this.#room.path, arrange)) return

    this.#messages.removeAttribute("data-live")
    this.#unseen = 0
    this.#showJump()
  }

  /** @param {MutationRecord[]} records */
  #changed(records) {
    const added = records
      .flatMap(({ addedNodes }) => /** @type {HTMLElement[]} */ ([...addedNodes]))
      .filter((node) => node.dataset?.position && positionOf(node) > this.#highest)
    this.#highest = Math.max(this.#highest, this.#lastPosition)
    this.#arrange(changedBy(records, this.#messages))
    // The lines of days are complete.
    this.#observer.takeRecords()
    // After all writes: it computes the styles of what was written.
    const fresh = added.filter(
      (article) => article.dataset.author !== this.#room.viewerId && !isBlocked(article),
    )
    if (this.#isAtEnd) this.#scrollToEnd()
    if (!this.#isLive) return

    if (!this.#isAtEnd) this.#unseen += fresh.length
    this.#showJump()
    if (fresh.length > 0) this.#announce(fresh)
  }

  /**
   * Loads what announces messages with the first of them.
   * @param {HTMLElement[]} fresh
   */
  async #announce(fresh) {
    const load = () => import("./log-announcer.js")
    const announcer = await loadLater("log-announcer.js", load).catch(() => null)
    if (!announcer) return

    this.#announcer ??= new announcer.LogAnnouncer()
    this.#announcer.announce(fresh)
  }

  /** Completes what the server renders once for all viewers: children of the log, one after another. */
  #arrange(children = /** @type {HTMLElement[]} */ ([...this.#messages.children])) {
    markDays(children, this.#times)
    for (const child of children) {
      this.#times.localize(child)
      stopAnimations(child)
      pressOwnReactions(child, this.#room.viewerId)
    }
    groupMessages(children.filter((child) => child.matches(".message")))
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#log
    this.#isAtEnd = this.#isLive && scrollHeight - scrollTop - clientHeight < nearEndPx
    if (this.#isAtEnd) this.#unseen = 0
    this.#showJump()
    this.#readTimer.update()
  }

  /** @param {LogPlace | null} place */
  #scrollToStart(place) {
    if (place && returnTo(place)) return this.#scrolled()

    const target = location.hash && document.getElementById(location.hash.slice(1))
    if (target) target.scrollIntoView({ block: "center" })
    else this.#scrollToEnd()
  }

  #scrollToEnd() {
    this.#isAtEnd = this.#isLive
    this.#unseen = 0
    this.#log.scrollTop = this.#log.scrollHeight
    this.#showJump()
    this.#readTimer.update()
  }

  #showJump() {
    const text = this.#unseen > 0 ? `${this.#unseen} new` : "Newest messages"
    if (this.#jump.hidden === this.#isAtEnd && this.#jump.textContent === text) return

    this.#jump.hidden = this.#isAtEnd
    this.#jump.textContent = text
    emit("log:moved")
  }
}

/**
 * Messages of blocked users are hidden by a style sheet.
 * @param {Element} article
 */
function isBlocked(article) {
  return getComputedStyle(article).getPropertyValue("--blocked") === "1"
}
