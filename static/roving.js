/**
 * The log by keyboard. It is one stop for Tab, whatever it holds: the message one was at, else the newest. Arrow keys
 * go from message to message, letters do what people do most with one, and Tab leads from it to all that is in it.
 */

import { openInDialog } from "./dialog.js"
import { areLettersKeys, isTyping } from "./shortcuts.js"

const stops = "a[href], button, input, select, textarea, summary, [tabindex]"
/** What opens in the dialog for the message that has the focus. */
const panels = { Enter: "actions", "+": "react", e: "edit", Delete: "delete", Backspace: "delete" }
/** What is done with it at once. */
const doings = { t: "thread", u: "unread" }

export function startRoving(room) {
  const log = document.getElementById("log")
  const messages = document.getElementById("messages")
  const all = () => [...messages.querySelectorAll(":scope > .message")]
  /** The message one is at; `null`: at the newest, whichever that will be. */
  let here = null

  for (const article of all()) take(article)
  mark()
  new MutationObserver((records) => {
    for (const { addedNodes } of records)
      for (const node of addedNodes) if (node.matches?.(".message")) take(node)
    mark()
  }).observe(messages, { childList: true })

  log.addEventListener("focusin", ({ target }) => {
    const article = target.closest("#messages > .message")
    if (!article) return

    for (const stop of article.querySelectorAll(stops)) stop.tabIndex = 0
    here = article.id
    mark()
  })
  log.addEventListener("focusout", ({ target, relatedTarget }) => {
    const article = target.closest("#messages > .message")
    if (!article || article.contains(relatedTarget)) return

    close(article)
    if (!log.contains(relatedTarget) && article === all().at(-1)) here = null
  })
  log.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event)) return

    const article = event.target.closest("#messages > .message")
    const isDone = walk(event, article) || (event.target === article && act(event, article))
    if (isDone) event.preventDefault()
  })

  /** One that has the focus is read as a whole; what is in it comes in its turn. */
  function take(article) {
    article.setAttribute("aria-labelledby", article.id)
    if (!article.contains(document.activeElement)) close(article)
  }

  function close(article) {
    for (const stop of article.querySelectorAll(stops)) stop.tabIndex = -1
  }

  function mark() {
    const articles = all()
    const current = articles.find(({ id }) => id === here) ?? articles.at(-1)
    for (const article of articles) article.tabIndex = article === current ? 0 : -1
    // With nothing in it that can have the focus, the box itself has it.
    log.tabIndex = current ? -1 : 0
  }

  function walk({ key, shiftKey }, article) {
    if (key === "Escape") {
      here = null
      mark()
      document.getElementById("composer-content").focus()
      return true
    }
    if (shiftKey) return false

    const articles = all()
    const at = article ? articles.indexOf(article) : articles.length
    const next = {
      ArrowUp: () => at - 1,
      ArrowDown: () => at + 1,
      PageUp: () => pageFrom(articles, at, -1),
      PageDown: () => pageFrom(articles, at, 1),
      Home: () => 0,
      End: () => articles.length - 1,
    }[key]?.()
    if (next === undefined) return false

    const target = articles[Math.min(Math.max(next, 0), articles.length - 1)]
    target?.focus({ preventScroll: true })
    target?.scrollIntoView({ block: "nearest" })
    // Where there is more, it comes by itself as soon as it is looked for.
    if (next <= 0) log.scrollTop = 0
    if (next >= articles.length - 1) log.scrollTop = log.scrollHeight
    return true
  }

  /** The message about as far away as the box is high. */
  function pageFrom(articles, at, step) {
    const from = articles[at]?.offsetTop ?? log.scrollHeight
    let next = at + step
    while (articles[next + step] && Math.abs(articles[next + step].offsetTop - from) < log.clientHeight)
      next += step
    return next
  }

  /** Whether it may be done is decided where it is done, which then says why not. */
  function act({ key }, article) {
    const id = article.id.replace(/^message-/, "")
    if (!article.matches("[data-position]:not(.deleted)")) return false
    if (key.length === 1 && !areLettersKeys()) return false

    const isMine = article.dataset.author === room.dataset.viewer
    const isOwner = document.body.matches(".owner")
    const pin = article.querySelector(":scope > header > .pinned") ? "unpin" : "pin"
    const doing = key === "p" ? pin : doings[key]
    if (key === "r") document.dispatchEvent(new CustomEvent("composer:reply", { detail: { id } }))
    else if (doing)
      htmx.ajax("POST", `/messages/${id}/${doing}`, { target: "#dialog-body", swap: "innerHTML" })
    else if (!panels[key] || (panels[key] === "edit" && !isMine)) return false
    else if (panels[key] === "delete" && !isMine && !isOwner) return false
    else openInDialog(`/messages/${id}/${panels[key]}`)
    return true
  }
}
