/**
 * What the emoji picker can do with JavaScript: keys, skin tones, recently used emoji, and writing into a text box. Loaded
 * when it first opens; it imports nothing that every page loads too.
 */

const maxRecent = 18
const toneKey = "emoji-tone"
/** @param {string} viewerId */
const recentKey = (viewerId) => `emoji-recent:${viewerId}`

/**
 * Starts the picker in a panel that was just loaded.
 * @param {HTMLElement} panel
 * @param {{ viewerId: string, write: (emoji: string) => void }} options `write` gets what is chosen in the composer's picker
 */
export function startPicker(panel, { viewerId, write }) {
  const form = panel.querySelector(".emoji-choice")
  if (!(form instanceof HTMLFormElement)) return

  showRecent(form, viewerId)
  startTones(panel)
  panel.addEventListener("keydown", (event) => onKey(panel, event))
  panel.querySelector(".emoji-places nav")?.addEventListener("click", (event) => showCategory(panel, event))
  // Capturing: a form sends what its button says now.
  form.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null
    if (button?.value) remember(viewerId, button.value)
  })
  if (form.id === "emoji-to-write") {
    form.addEventListener("submit", (event) => {
      event.preventDefault()
      event.stopPropagation()
      if (event.submitter instanceof HTMLButtonElement) write(event.submitter.value)
    })
  }
}

/**
 * Recently used emoji, the latest first.
 * @param {string} viewerId
 * @returns {string[]}
 */
function recentEmoji(viewerId) {
  try {
    return JSON.parse(localStorage.getItem(recentKey(viewerId)) ?? "[]")
  } catch {
    return []
  }
}

/**
 * @param {string} viewerId
 * @param {string} emoji
 */
function remember(viewerId, emoji) {
  const recent = [emoji, ...recentEmoji(viewerId).filter((one) => one !== emoji)].slice(0, maxRecent)
  try {
    localStorage.setItem(recentKey(viewerId), JSON.stringify(recent))
  } catch {
    // Full or forbidden: the server knows the frequent ones.
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {string} viewerId
 */
function showRecent(form, viewerId) {
  const recent = recentEmoji(viewerId)
  if (recent.length === 0 || form.querySelector("#emoji-frequent")) return

  const heading = Object.assign(document.createElement("h2"), {
    className: "hint",
    textContent: "Recently used",
  })
  const grid = Object.assign(document.createElement("div"), { className: "emoji-found" })
  grid.append(
    ...recent.map((emoji) =>
      Object.assign(document.createElement("button"), { name: "emoji", value: emoji, textContent: emoji }),
    ),
  )
  const section = Object.assign(document.createElement("div"), { id: "emoji-frequent" })
  section.append(heading, grid)
  form.prepend(section)
}

/** @param {HTMLElement} panel */
function startTones(panel) {
  const stored = readTone()
  for (const input of panel.querySelectorAll(".emoji-tones input")) {
    if (!(input instanceof HTMLInputElement)) continue

    input.checked = input.value === stored
    input.addEventListener("change", () => {
      try {
        localStorage.setItem(toneKey, input.value)
      } catch {
        // It lasts as long as the panel.
      }
      applyTone(panel, input.value)
    })
  }
  if (stored) applyTone(panel, stored)
  const form = panel.querySelector(".emoji-choice")
  // Search results have no skin tone.
  if (form) new MutationObserver(() => applyTone(panel, readTone())).observe(form, { childList: true })
}

function readTone() {
  try {
    return localStorage.getItem(toneKey) ?? ""
  } catch {
    return ""
  }
}

/**
 * @param {HTMLElement} panel
 * @param {string} tone
 */
function applyTone(panel, tone) {
  for (const button of panel.querySelectorAll("#emoji-all button, #emoji-found button")) {
    if (!(button instanceof HTMLButtonElement)) continue

    const toned = withTone(button.value, tone)
    if (toned === button.value) continue

    button.value = toned
    button.textContent = toned
  }
}

const isEmoji = /^\p{RGI_Emoji}$/v

/**
 * An emoji in a skin tone, unless Unicode has none for it.
 * @param {string} emoji
 * @param {string} tone a modifier, or nothing for the default
 */
function withTone(emoji, tone) {
  const plain = emoji.replace(/\p{Emoji_Modifier}/gu, "")
  if (!/^\p{Emoji_Modifier_Base}/u.test(plain)) return emoji

  const [first = "", ...rest] = plain
  const after = rest[0] === "\ufe0f" ? rest.slice(1) : rest
  const toned = first + tone + after.join("")
  for (const one of [toned, `${toned}\ufe0f`]) if (tone && isEmoji.test(one)) return one
  return isEmoji.test(plain) ? plain : `${plain}\ufe0f`
}

/**
 * @param {HTMLElement} panel
 * @param {Event} event
 */
function showCategory(panel, event) {
  const link = event.target instanceof Element ? event.target.closest("a") : null
  if (!link) return

  event.preventDefault()
  const heading = panel.querySelector(link.hash)
  if (!(heading instanceof HTMLElement)) return

  heading.scrollIntoView({ block: "start" })
  const first = heading.parentElement?.querySelector("button")
  // By keyboard, the arrow keys continue from there.
  if (event instanceof MouseEvent && event.detail === 0) first?.focus({ preventScroll: true })
}

/**
 * Down from the search field to what was found, arrow keys within it, and Enter in the field chooses the first.
 * @param {HTMLElement} panel
 * @param {KeyboardEvent} event
 */
function onKey(panel, event) {
  const { target } = event
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return

  if (target instanceof HTMLInputElement && target.type === "search") fromSearch(panel, event, target)
  else if (target instanceof HTMLElement && target.closest(".emoji-found")) withinGrid(panel, event, target)
}

/**
 * @param {HTMLElement} panel
 * @param {KeyboardEvent} event
 * @param {HTMLInputElement} search
 */
function fromSearch(panel, event, search) {
  const first = panel.querySelector(search.value ? "#emoji-found button" : ".emoji-found button")
  if (!(first instanceof HTMLElement)) return
  if (event.key === "ArrowDown") first.focus()
  else if (event.key === "Enter") first.click()
  else return

  event.preventDefault()
}

/**
 * @param {HTMLElement} panel
 * @param {KeyboardEvent} event
 * @param {HTMLElement} button
 */
function withinGrid(panel, event, button) {
  const all = /** @type {HTMLElement[]} */ ([...panel.querySelectorAll(".emoji-choice button")])
  const buttons = all.filter((one) => one.checkVisibility())
  const index = buttons.indexOf(button)
  const search = /** @type {HTMLElement | null} */ (panel.querySelector(".emoji-search input"))
  /** @type {Record<string, () => HTMLElement | null | undefined>} */
  const moves = {
    ArrowRight: () => buttons[index + 1],
    ArrowLeft: () => buttons[index - 1],
    ArrowDown: () => inNextRow(buttons, button, 1),
    ArrowUp: () => inNextRow(buttons, button, -1) ?? search,
    Home: () => buttons[0],
    End: () => buttons.at(-1),
  }
  const move = moves[event.key]
  if (index < 0 || !move) return

  event.preventDefault()
  move()?.focus()
}

/**
 * The nearest button in the row below or above. Rows follow from the layout, which wraps.
 * @param {HTMLElement[]} buttons
 * @param {HTMLElement} from
 * @param {1 | -1} step
 */
function inNextRow(buttons, from, step) {
  const { left, top } = from.getBoundingClientRect()
  const others = buttons
    .map((button) => ({ button, box: button.getBoundingClientRect() }))
    .filter(({ box }) => (box.top - top) * step > 4)
  if (others.length === 0) return undefined

  const row = others.reduce(
    (nearest, { box }) => (Math.abs(box.top - top) < Math.abs(nearest - top) ? box.top : nearest),
    Infinity,
  )
  return others
    .filter(({ box }) => Math.abs(box.top - row) < 4)
    .sort((a, b) => Math.abs(a.box.left - left) - Math.abs(b.box.left - left))[0]?.button
}
