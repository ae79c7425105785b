/**
 * While somebody writes `@na`, `#na` or `:na`, the server's list of what could be meant. The text box keeps the
 * focus and the keys; the list says by `aria-activedescendant` which of it is chosen.
 */

/** Typing goes on: not every letter is worth a question. */
const askMs = 100
/** The letters it takes before there is anything to ask. */
const tokens = [
  { kind: "member", pattern: /(?:^|[\s(*_~|>])(@([\w.-]{1,32}))$/ },
  { kind: "channel", pattern: /(?:^|[\s(*_~|>])(#([^\s#]{1,50}))$/ },
  { kind: "emoji", pattern: /(?:^|[^\p{L}\p{N}:])(:([a-z0-9_+-]{2,32}))$/iu },
]

/** Completes names in a text box, with what the room at that address knows. */
export function startCompleting(text, address) {
  const holder = Object.assign(document.createElement("div"), { className: "completing" })
  text.after(holder)
  text.setAttribute("aria-autocomplete", "list")

  /** What is being asked, and what the list that is shown answers. */
  let asked = null
  let shown = null
  let active = 0
  let timer

  text.addEventListener("input", ({ isComposing }) => isComposing || look())
  text.addEventListener("compositionend", look)
  text.addEventListener("click", look)
  text.addEventListener("keyup", ({ key }) => /^(Arrow(Left|Right)|Home|End)$/.test(key) && look())
  text.addEventListener("blur", close)
  // Before the composer, which would send.
  text.addEventListener("keydown", keyed, { capture: true })
  // The text box must not lose the focus to what is pressed.
  holder.addEventListener("pointerdown", (event) => event.preventDefault())
  holder.addEventListener("mousedown", (event) => event.preventDefault())
  holder.addEventListener("click", ({ target }) => {
    const option = target.closest('[role="option"]')
    if (option) accept(option)
  })
  look()

  function look() {
    const token = tokenBefore(text)
    if (!token) return close()
    if (token.written === asked?.written && token.start === asked.start) return

    asked = token
    clearTimeout(timer)
    timer = setTimeout(ask, shown ? askMs : 0, token)
  }

  async function ask(token) {
    const query = new URLSearchParams({ kind: token.kind, q: token.name })
    const answer = await fetch(`${address}/complete?${query}`).catch(() => null)
    const html = answer?.ok ? await answer.text() : ""
    // Answers may overtake each other, or come when nobody waits for them any more.
    if (asked === token && document.activeElement === text) show(token, html)
  }

  function show(token, html) {
    const isNew = !shown
    holder.innerHTML = html
    if (options().length === 0) return hide()

    shown = token
    const list = holder.firstElementChild
    list.id = "completions"
    text.setAttribute("aria-controls", list.id)
    text.setAttribute("aria-haspopup", "listbox")
    choose(0)
    if (isNew) say(`${options().length} suggestions`)
  }

  function keyed(event) {
    if (!shown || event.isComposing || event.keyCode === 229) return

    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const isAccepted = (event.key === "Enter" || event.key === "Tab") && !event.shiftKey
    if (step) choose((active + step + options().length) % options().length)
    else if (event.key === "Escape") close()
    else if (isAccepted && isMeant()) accept(options()[active])
    else return

    event.preventDefault()
    event.stopImmediatePropagation()
  }

  /** The list may answer an earlier question: then only what fits this one too may be taken for it. */
  function isMeant() {
    return asked === shown || options()[active].textContent.toLowerCase().includes(asked.name.toLowerCase())
  }

  function choose(index) {
    active = index
    for (const [at, option] of options().entries()) option.setAttribute("aria-selected", at === index)
    text.setAttribute("aria-activedescendant", options()[index].id)
    options()[index].scrollIntoView({ block: "nearest" })
  }

  function accept(option) {
    const { start } = asked
    const end = text.selectionStart
    const { insert } = option.dataset
    const isSpaced = /^\s/.test(text.value.slice(end))
    close()
    replaceText(text, start, end, isSpaced ? insert.trimEnd() : insert)
    asked = tokenBefore(text)
  }

  function close() {
    clearTimeout(timer)
    // What was dismissed does not come back until something else is written.
    asked = tokenBefore(text)
    hide()
  }

  function hide() {
    if (!shown && holder.childElementCount === 0) return

    shown = null
    holder.replaceChildren()
    for (const name of ["controls", "haspopup", "activedescendant"]) text.removeAttribute(`aria-${name}`)
  }

  function options() {
    return [...holder.querySelectorAll('[role="option"]')]
  }
}

/** Puts text in place of other text, as if it were typed: it can be undone, and whoever listens hears of it. */
export function replaceText(text, start, end, insert) {
  text.focus()
  text.setSelectionRange(start, end)
  // Of old, and the only way that keeps the text box's own undoing.
  if (document.execCommand("insertText", false, insert)) return

  text.setRangeText(insert, start, end, "end")
  text.dispatchEvent(new InputEvent("input", { bubbles: true }))
}

/** The name that is being written in front of the caret; not in code, where names are none. */
function tokenBefore(text) {
  const { value, selectionStart: end, selectionEnd } = text
  const before = value.slice(0, end)
  if (end !== selectionEnd || before.split("```").length % 2 === 0) return null
  if (before.slice(before.lastIndexOf("\n") + 1).split("`").length % 2 === 0) return null

  for (const { kind, pattern } of tokens) {
    const [, written, name] = before.slice(-60).match(pattern) ?? []
    if (written) return { kind, written, name, start: end - written.length }
  }
  return null
}

function say(words) {
  const announcer = document.getElementById("announcer")
  if (announcer) announcer.textContent = words
}
