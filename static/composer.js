/**
 * The composer is never disabled. What is sent goes into an outbox on this device and shows in the log at once;
 * it leaves the outbox when the server has stored it. One message at a time is under way, so order is kept, and
 * each has its id from the start, so that sending again never makes two.
 */

import { openInDialog } from "./dialog.js"
import { startTray } from "./files.js"
import { startReplying } from "./replying.js"
import { stored } from "./stored.js"
import { fullTime } from "./times.js"

/** A second sign of typing sooner than this would tell nothing new. */
const typingMs = 3000
/** After a message one starts anew, but the server takes no more than one sign a second. */
const typingAgainMs = 1200
/** No answer by then: the connection is taken for dead. */
const answerMs = 10_000
/** Trying again makes sense after these; other refusals need a person. */
const passing = new Set([429, 500, 503])
const isGone = (code) => code === 404 || code === 410

export function startComposer(room, live) {
  const form = document.getElementById("composer")
  const text = form.elements.content
  const error = document.getElementById("composer-error")
  const key = `${room.dataset.viewer}:${room.dataset.channel}`
  const outbox = stored(`outbox:${key}`, [])
  const draft = stored(`draft:${key}`, "")
  const replying = startReplying(key, () => text.focus())

  const tray = startTray(room, stored(`files:${key}`, []), trayChanged)

  let underway = null
  /** Sent as soon as its files are. */
  let isAwaited = false
  let timer
  let typedAt = 0
  let pauseMs = 0

  if (!text.value && draft.value) text.value = draft.value
  for (const entry of outbox.value) showPending(entry)

  // A browser's own word on what is wrong would cover what one can do about it.
  form.noValidate = true
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    submit()
  })
  form.addEventListener("click", ({ target }) => {
    if (!target.closest(".end-preview")) return
    endPreview()
    text.focus()
  })

  text.addEventListener("keydown", (event) => {
    // Safari ends a composition before the keydown that ended it: 229 is its way to say so.
    if (event.isComposing || event.keyCode === 229) return

    if (event.key === "Enter" && !event.shiftKey && !matchMedia("(pointer: coarse)").matches) {
      event.preventDefault()
      submit()
    } else if (event.key === "ArrowUp" && text.value === "") {
      if (editLast()) event.preventDefault()
    } else if (event.key === "Escape" && replying.cancel()) {
      event.preventDefault()
    }
  })

  text.addEventListener("input", () => {
    draft.value = text.value
    error.textContent = ""
    if (text.value === "" || Date.now() - typedAt < pauseMs) return

    typedAt = Date.now()
    pauseMs = typingMs
    live.tell("typing")
  })

  document.addEventListener("composer:reply", ({ detail }) => replying.start(detail.id))
  room.addEventListener("live:up", () => {
    underway = null
    flush()
  })
  room.addEventListener("live:down", () => {
    clearTimeout(timer)
    underway = null
    flush()
  })
  room.addEventListener("live:answer", ({ detail }) => answered(detail))
  // Another tab may have sent what waited here.
  addEventListener("storage", ({ key: changed }) => changed === outbox.key && outbox.reload())

  function submit() {
    const content = text.value.replace(/\r\n?/g, "\n")
    if (content.trim() === "" && tray.isEmpty) return
    error.textContent = text.validationMessage
    if (text.validationMessage) return text.focus()

    isAwaited = tray.isBusy
    if (isAwaited) return tray.say("It is sent as soon as its files are.")
    if (tray.hasFailed) return tray.say("Not all files are attached: try again, or remove them.")

    const [replyTo, files] = [replying.take(), tray.take()]
    const rest = { ...(replyTo && { replyTo }), ...(files.length > 0 && { files }) }
    const entry = { id: newId(), content, at: Date.now(), ...rest }
    outbox.value = [...outbox.value, entry]
    text.value = ""
    draft.value = ""
    endPreview()
    pauseMs = typingAgainMs
    error.textContent = ""
    text.focus()
    // Somewhere back in history: what is sent shows at the end, so go there; the outbox comes along.
    if (!document.querySelector("#messages[data-live]")) return location.assign(location.pathname)

    showPending(entry)
    flush()
  }

  function trayChanged(what) {
    if (what === "removed" && !tray.isBusy) isAwaited = false
    if (isAwaited && !tray.isBusy) submit()
  }

  function endPreview() {
    document.getElementById("preview").replaceChildren()
  }

  function flush() {
    if (live.refusal) return failAll(live.refusal)
    if (underway || !live.isLive) return

    const entry = outbox.value.find(({ failure }) => !failure)
    if (!entry) return

    underway = entry.id
    clearTimeout(timer)
    timer = setTimeout(() => live.restartFrom(live.cursor), answerMs)
    const { id, content, replyTo, files } = entry
    const ids = files?.map((file) => file.id)
    live.send({ id, content, ...(replyTo && { replyTo: replyTo.id }), ...(ids && { files: ids }) })
  }

  function answered({ type, id, code, message, retryAfterSeconds }) {
    if (id !== underway) return

    clearTimeout(timer)
    underway = null
    if (type === "stored") {
      remove(id)
      error.textContent = ""
    } else if (passing.has(code)) {
      const seconds = retryAfterSeconds ?? 2
      error.textContent = `${message ?? "The server is busy."} Sent again by itself in ${seconds} s.`
      timer = setTimeout(flush, seconds * 1000)
      return
    } else {
      fail(id, message ?? "This was not sent.", code)
    }
    flush()
  }

  function fail(id, failure, code) {
    outbox.value = outbox.value.map((entry) => {
      if (entry.id !== id) return entry
      // What it answers is gone: the next try says it alone.
      return { ...entry, failure, ...(isGone(code) && { replyTo: undefined }) }
    })
    const entry = outbox.value.find((one) => one.id === id)
    if (entry) showPending(entry)
  }

  /** Whoever wrote them decides what becomes of them. */
  function failAll(failure) {
    for (const { id, failure: known } of outbox.value) if (!known) fail(id, failure)
  }

  function remove(id) {
    outbox.value = outbox.value.filter((entry) => entry.id !== id)
  }

  /** Shows what is not stored yet at the end of the log. The stored message will take its place by its id. */
  function showPending({ id, content, files = [], at, failure, replyTo }) {
    const messages = document.getElementById("messages")
    const known = document.getElementById(`message-${id}`)
    if (known?.dataset.position) return remove(id)

    known?.remove()
    const article = document.getElementById("pending-message").content.firstElementChild.cloneNode(true)
    article.id = `message-${id}`
    article.dataset.author = room.dataset.viewer
    const find = (selector) => article.querySelector(selector)
    find(".content").textContent = content
    find(".pending-files").textContent = files.map(({ name }) => name).join(", ")
    if (replyTo) find(".quote").textContent = `Answers ${replyTo.name}`
    else find(".quote").remove()
    find("time").dateTime = new Date(at).toISOString()
    find("time").title = fullTime(new Date(at))
    find("time").textContent = "sending"
    if (failure) {
      article.classList.replace("pending", "failed")
      find("time").textContent = "not sent"
      find(".failure").textContent = failure
    }
    find(".retry").addEventListener("click", () => retry(id))
    find(".copy")?.addEventListener("click", () => navigator.clipboard?.writeText(content))
    find(".discard").addEventListener("click", () => discard(id))
    messages.append(article)
    document.dispatchEvent(new CustomEvent("log:pending"))
  }

  function retry(id) {
    outbox.value = outbox.value.map(({ failure, ...entry }) =>
      entry.id === id ? entry : { ...entry, failure },
    )
    const entry = outbox.value.find((one) => one.id === id)
    if (entry) showPending(entry)
    flush()
  }

  function discard(id) {
    remove(id)
    document.getElementById(`message-${id}`)?.remove()
    text.focus()
  }

  function editLast() {
    const own = document.querySelectorAll(
      `#messages > [data-author="${CSS.escape(room.dataset.viewer)}"][data-position]:not(.deleted)`,
    )
    const last = [...own].at(-1)
    if (last) openInDialog(`/messages/${last.id.replace(/^message-/, "")}/edit`)
    return Boolean(last)
  }
}

/** A random UUID. `crypto.randomUUID` is missing on plain http, where people also run this at home. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6] & 0x0f) | 0x40
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")
}
