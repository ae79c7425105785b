/**
 * Choosing in the list of places without leaving the text box: it keeps the focus, and says by
 * `aria-activedescendant` which of the list is chosen. Fetched when somebody first wants to go somewhere.
 */

/**
 * For the switcher that has just been opened; htmx asks for the list as one types. `isAwaited`: Enter came already, which
 * is for the list of what was typed, as it is whenever it comes before that.
 */
export function startSwitcher(root, { isAwaited, follow }) {
  const box = root.querySelector("[role=combobox]")
  let active = 0

  const list = () => root.querySelector("#switch-found")
  const options = () => [...root.querySelectorAll('[role="option"]')]
  const isCurrent = () => list().dataset.q === box.value

  box.addEventListener("input", () => {
    isAwaited = false
  })
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return

    const last = options().length - 1
    const next = {
      ArrowDown: () => (active >= last ? 0 : active + 1),
      ArrowUp: () => (active <= 0 ? last : active - 1),
      PageDown: () => Math.min(active + 8, last),
      PageUp: () => Math.max(active - 8, 0),
    }[event.key]
    if (!next) return

    event.preventDefault()
    choose(next())
  })
  box.form.addEventListener("submit", enter)
  // Nothing but the text box has the focus, or typing on would lead nowhere.
  root.addEventListener(
    "mousedown",
    (event) => event.target.closest('[role="option"]') && event.preventDefault(),
  )
  new MutationObserver(shown).observe(list().parentElement, { childList: true })
  shown()

  function shown() {
    choose(0)
    if (isAwaited && isCurrent()) enter()
  }

  function choose(index) {
    active = index
    const found = options()
    for (const [at, option] of found.entries()) option.setAttribute("aria-selected", at === index)
    box.setAttribute("aria-expanded", found.length > 0)
    if (found.length === 0) return box.removeAttribute("aria-activedescendant")

    box.setAttribute("aria-controls", "switch-list")
    box.setAttribute("aria-activedescendant", found[index].id)
    found[index].scrollIntoView({ block: "nearest" })
  }

  function enter() {
    isAwaited = !isCurrent()
    const option = options()[active]
    if (option && !isAwaited) follow(option)
  }
}
