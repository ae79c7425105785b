/** How long a finger rests on something to open its menu. */
const longPressMs = 500
const maxMovePx = 10
/** How far a menu stays from the edges. */
const edgePx = 8

/** @type {HTMLElement | undefined} */
let menu

/** Opens the menus of messages, people, channels and servers by a right click or a long press. The browser's own is behind Shift. */
export class PointerMenus {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #press

  constructor() {
    document.addEventListener("contextmenu", (event) => {
      clearTimeout(this.#press)
      const path = event.shiftKey && event.button === 2 ? null : menuPath(event)
      if (!path) return

      event.preventDefault()
      open(path, event)
    })
    // iOS has no such event for a long press.
    document.addEventListener("pointerdown", (event) => this.#down(event))
    for (const type of /** @type {const} */ (["pointerup", "pointercancel"]))
      document.addEventListener(type, () => clearTimeout(this.#press))
  }

  /** @param {PointerEvent} event */
  #down(event) {
    clearTimeout(this.#press)
    const path = event.pointerType === "touch" ? menuPath(event) : null
    if (!path) return

    const { clientX, clientY } = event
    const cancel = new AbortController()
    this.#press = setTimeout(() => {
      cancel.abort()
      open(path, event)
      // The click that follows would follow a link.
      addEventListener("click", swallow, { capture: true, once: true })
      addEventListener("pointerdown", () => removeEventListener("click", swallow, { capture: true }), {
        once: true,
      })
    }, longPressMs)
    const onMove = (/** @type {PointerEvent} */ move) => {
      if (Math.hypot(move.clientX - clientX, move.clientY - clientY) > maxMovePx) clearTimeout(this.#press)
    }
    document.addEventListener("pointermove", onMove, { signal: cancel.signal })
    for (const type of ["pointerup", "pointercancel"])
      document.addEventListener(type, () => cancel.abort(), { signal: cancel.signal })
  }
}

/** @param {Event} event */
function swallow(event) {
  event.preventDefault()
  event.stopPropagation()
}

/**
 * @param {string} path
 * @param {MouseEvent} event
 */
function open(path, { clientX, clientY, target }) {
  const box = target instanceof Element ? target.getBoundingClientRect() : undefined
  // The menu key has no place.
  const at = clientX || clientY || !box ? { x: clientX, y: clientY } : { x: box.left + 16, y: box.top + 16 }
  openMenu(path, at)
}

/**
 * Where the menu of what is under the pointer comes from; `null` where the browser's own helps more.
 * @param {Event} event
 */
function menuPath(event) {
  if (getSelection()?.isCollapsed === false) return null
  if (closest(event, "input, textarea, img:not(.avatar img), video, audio, .content a, dialog, .menu"))
    return null

  const person = closest(event, ".author > a, .member .name")
  if (person) return person.getAttribute("href")
  const channel = closest(event, "a[data-channel]")
  if (channel) return `${channel.getAttribute("href")}/menu`
  const server = closest(event, "a[data-server]")
  if (server) return `/servers/${server.dataset.server}/menu`
  const message = closest(event, "#messages > .message[data-position]:not(.deleted)")
  return message ? `/messages/${message.id.replace(/^message-/, "")}/actions` : null
}

/**
 * Opens the menu that a path answers with.
 * @param {string} path
 * @param {{ x: number, y: number }} at
 */
async function openMenu(path, at) {
  menu ??= createMenu()
  const opener = document.activeElement
  // Else the last menu would be shown here, where this one cannot be loaded.
  menu.querySelector("#menu-body")?.replaceChildren()
  const isStillWanted = whileIdle()
  await htmx.ajax("GET", path, { source: menu, target: "#menu-body", swap: "innerHTML" })
  const items = itemsIn(menu)
  if (items.length === 0 || !isStillWanted()) return

  menu.showPopover()
  const left = Math.min(at.x, innerWidth - menu.offsetWidth - edgePx)
  const top = Math.min(at.y, innerHeight - menu.offsetHeight - edgePx)
  menu.style.left = `${Math.max(edgePx, left)}px`
  menu.style.top = `${Math.max(edgePx, top)}px`
  items[0]?.focus({ preventScroll: true })
  menu.ontoggle = () => {
    const isLost = document.activeElement === document.body
    if (!menu?.matches(":popover-open") && isLost && opener instanceof HTMLElement)
      opener.focus({ preventScroll: true })
  }
}

/** Returns whether nobody has clicked or typed since: a menu that comes later would take the focus from what they do now. */
function whileIdle() {
  const until = new AbortController()
  for (const type of ["pointerdown", "keydown"])
    addEventListener(type, () => until.abort(), { capture: true, signal: until.signal })
  return () => {
    const isIdle = !until.signal.aborted
    until.abort()
    return isIdle
  }
}

function createMenu() {
  const element = document.createElement("div")
  element.id = "pointer-menu"
  element.className = "menu"
  element.popover = "auto"
  // The last one that was asked for.
  element.setAttribute("hx-sync", "replace")
  element.role = "dialog"
  element.ariaLabel = "Menu"
  element.innerHTML = '<div id="menu-body"></div>'
  element.addEventListener("keydown", (event) => onKey(element, event))
  // A chosen item opens a dialog or a page, or runs an action.
  element.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest("a, button")) setTimeout(() => element.hidePopover())
  })
  document.body.append(element)
  return element
}

/** @param {HTMLElement} element */
function itemsIn(element) {
  return /** @type {HTMLElement[]} */ ([...element.querySelectorAll("a[href], button")]).filter((item) =>
    element.matches(":popover-open") ? item.checkVisibility() : true,
  )
}

/**
 * @param {HTMLElement} element
 * @param {KeyboardEvent} event
 */
function onKey(element, event) {
  const items = itemsIn(element)
  const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement))
  /** @type {Record<string, number>} */
  const moves = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }
  const next = moves[event.key]
  if (next === undefined) return

  event.preventDefault()
  items.at(next >= items.length ? 0 : next)?.focus()
}

/**
 * @param {Event} event
 * @param {string} selector
 */
function closest({ target }, selector) {
  return target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest(selector)) : null
}
