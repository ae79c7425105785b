/**
 * The log stays where its reader is: at the end when they are at the end, else where they read. It says aloud
 * what is new, keeps the page from growing without end, and takes arrow keys.
 */

import { markDays } from "./days.js"
import { keepStill } from "./look.js"
import { keepUncovered, saidIn } from "./text.js"
import { localizeTimes } from "./times.js"

/** Closer to the end than this is at the end. */
const nearEndPx = 100
/** Messages kept in the page. */
const maxMessages = 300
/** What arrives within this time is announced as one. */
const announceMs = 600
/** How long an announcement stays in the page: it must not outlive what it says. */
const hushMs = 5000
/** Messages of one person closer than this stand as one group. */
const groupMs = 5 * 60_000
/** How long the end must have been on screen to count as read. */
const readMs = 1000

export function startLog(room, live) {
  const log = () => document.getElementById("log")
  const messages = () => document.getElementById("messages")
  const all = () => [...messages().querySelectorAll(":scope > .message")]
  const jump = document.getElementById("jump")
  const announcer = document.getElementById("announcer")

  let atEnd = true
  let unseen = 0
  let heard = lastPosition()
  let spoken = []
  let speakTimer
  let hushTimer
  let readTimer
  let before = null

  settle()
  const target = location.hash && document.getElementById(location.hash.slice(1))
  if (target) target.scrollIntoView({ block: "center" })
  else toEnd()
  watch()

  function watch() {
    log().addEventListener("scroll", scrolled, { passive: true })
    log().addEventListener("click", followQuote)
    new ResizeObserver(() => atEnd && toEnd()).observe(log())
    new MutationObserver(changed).observe(messages(), { childList: true })
  }

  jump.addEventListener("click", () => {
    if (!messages().hasAttribute("data-live")) return location.assign(location.pathname)
    toEnd()
    document.getElementById("composer-content").focus()
  })
  document.addEventListener("log:pending", toEnd)
  document.addEventListener("log:newest", ({ detail }) => {
    messages().toggleAttribute("data-live", true)
    live.restartFrom(detail.seq)
  })
  document.addEventListener("visibilitychange", markRead)
  document.addEventListener("look:changed", settle)

  document.addEventListener("htmx:before:swap", ({ detail }) => {
    for (const { fragment } of detail.tasks) {
      keepUncovered(fragment)
      removePending(fragment)
    }
    before = {
      height: log().scrollHeight,
      top: log().scrollTop,
      first: messages().firstElementChild,
    }
  })

  document.addEventListener("htmx:after:swap", () => {
    if (!log().isConnected || !before) return

    // What was put before the first message pushes the rest down: stay at the message being read.
    const grewAbove = messages().firstElementChild !== before.first && !atEnd
    if (grewAbove && log().scrollTop === before.top) log().scrollTop += log().scrollHeight - before.height
    before = null
  })

  /** A message that is stored takes its place by its position, not where it waited. */
  function removePending(fragment) {
    for (const article of fragment?.querySelectorAll?.(".message[data-position]") ?? []) {
      const waiting = document.getElementById(article.id)
      if (waiting && !waiting.dataset.position) waiting.remove()
    }
  }

  function changed(records) {
    const added = records
      .flatMap(({ addedNodes }) => [...addedNodes])
      .filter((node) => node.dataset?.position)
    const fresh = added
      .filter(({ dataset }) => Number(dataset.position) > heard && !isMine(dataset))
      .filter((article) => !isBlocked(article))
    const isEnd = messages().hasAttribute("data-live")
    heard = Math.max(heard, lastPosition())
    settle()
    if (atEnd) toEnd()
    if (!isEnd) return

    if (!atEnd) unseen += fresh.length
    showJump()
    speak(fresh)
    if (atEnd) trim()
  }

  function settle() {
    markDays(messages())
    localizeTimes(messages())
    keepStill(messages())
    for (const button of messages().querySelectorAll(".reaction:not([aria-pressed])")) {
      button.ariaPressed = button.dataset.by.split(" ").includes(room.dataset.viewer)
    }
    let previous = null
    for (const article of all()) {
      const at = Date.parse(article.querySelector("time")?.dateTime)
      // A webhook may give each of its messages another name.
      const author = article.dataset.author + article.querySelector(".author")?.textContent
      const isFirst = !article.previousElementSibling?.matches(".message")
      const begins = isFirst || article.matches(".deleted") || article.querySelector(":scope > .quote")
      const continues = previous?.author === author && at - previous.at < groupMs && !begins
      article.classList.toggle("continued", continues)
      previous = { author, at }
    }
  }

  function scrolled() {
    atEnd = log().scrollHeight - log().scrollTop - log().clientHeight < nearEndPx
    if (atEnd) unseen = 0
    showJump()
    markRead()
  }

  function toEnd() {
    atEnd = true
    unseen = 0
    log().scrollTop = log().scrollHeight
    showJump()
    markRead()
  }

  function showJump() {
    const isEnd = messages().hasAttribute("data-live")
    jump.hidden = atEnd && isEnd
    jump.textContent = unseen > 0 ? `${unseen} new` : "Newest messages"
    document.dispatchEvent(new CustomEvent("log:moved"))
  }

  /** Keeps the page light: the oldest leave it, and can be had again as before. */
  function trim() {
    const tooMany = all().slice(0, -maxMessages)
    if (tooMany.length === 0) return

    // Not from under somebody who is there by keyboard.
    if (tooMany.some((article) => article.contains(document.activeElement))) return

    for (const article of tooMany) article.remove()
    const first = messages().querySelector("[data-position]")
    const older = document.getElementById("older") ?? log().insertBefore(olderLink(), messages())
    const { read } = messages().dataset
    const kept = read === undefined ? "" : `&read=${read}`
    older.setAttribute("href", `${location.pathname}?before=${first.dataset.position}${kept}`)
    older.setAttribute("hx-get", older.getAttribute("href"))
    htmx.process(older, true)
  }

  function olderLink() {
    return document.getElementById("older-link").content.firstElementChild.cloneNode(true)
  }

  /** `role="log"` would read edits and history aloud too, and bursts message by message. */
  function speak(fresh) {
    spoken.push(...fresh.map(({ id }) => id))
    // Not put off by what follows: in a busy channel nothing would ever be said.
    if (spoken.length === 0 || speakTimer) return

    speakTimer = setTimeout(() => {
      speakTimer = undefined
      // As they are now: what was deleted meanwhile is nobody's to hear.
      const still = spoken
        .map((id) => document.getElementById(id))
        .filter((article) => article?.matches(":not(.deleted)"))
      const text = (article, selector) => article.querySelector(selector)?.textContent ?? ""
      const said = (article) =>
        saidIn(article) || (article.querySelector(".pictures, .downloads") ? "sent files" : "")
      const lines = still.map((article) => `${text(article, ".author")}: ${said(article)}`)
      announcer.textContent = lines.length > 3 ? `${lines.length} new messages` : lines.join(". ")
      spoken = []
      clearTimeout(hushTimer)
      hushTimer = setTimeout(() => announcer.replaceChildren(), hushMs)
    }, announceMs)
  }

  /** What stands at the end counts as read once it has been on screen for a while, also where more keeps coming. */
  function markRead() {
    if (!atEnd || document.hidden || !messages().hasAttribute("data-live")) {
      clearTimeout(readTimer)
      readTimer = undefined
    } else if (!readTimer) {
      const position = lastPosition()
      readTimer = setTimeout(() => {
        readTimer = undefined
        document.dispatchEvent(new CustomEvent("log:read", { detail: { position } }))
        if (lastPosition() > position) markRead()
      }, readMs)
    }
  }

  /** To what is quoted, where the page has it. */
  function followQuote(event) {
    const quote = event.target.closest(".quote")
    const quoted = quote && document.getElementById(`message-${quote.dataset.message}`)
    if (!quoted || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return

    event.preventDefault()
    for (const other of messages().querySelectorAll(".highlight")) other.classList.remove("highlight")
    quoted.classList.add("highlight")
    quoted.focus({ preventScroll: true })
    quoted.scrollIntoView({ block: "center" })
  }

  /** Folded away: nobody wants to be told of it. */
  function isBlocked(article) {
    return getComputedStyle(article).getPropertyValue("--blocked") === "1"
  }

  function isMine({ author }) {
    return author === room.dataset.viewer
  }

  function lastPosition() {
    return Math.max(0, ...[...messages().children].map(({ dataset }) => Number(dataset.position ?? 0)))
  }
}
