/**
 * Lets the draggable elements inside another one be dragged. Their new place is sent when one is dropped, by the form that
 * buttons send too.
 *
 * @param {HTMLElement} root
 * @param {object} handlers
 * @param {(dragged: HTMLElement, event: DragEvent) => void} handlers.over Called while one is dragged over something: moves
 *   it there.
 * @param {(dragged: HTMLElement) => void} handlers.end Called when it was dropped.
 */
export function enableDragging(root, { over, end }) {
  /** @type {HTMLElement | undefined} */
  let dragged
  let putBack = () => {}
  root.addEventListener("dragstart", ({ target, dataTransfer }) => {
    if (!(target instanceof HTMLElement) || !dataTransfer) return

    dataTransfer.effectAllowed = "move"
    // Firefox starts no drag without data.
    dataTransfer.setData("text/plain", target.id)
    dragged = target
    const { parentNode, nextSibling } = target
    putBack = () => void parentNode?.insertBefore(target, nextSibling)
    target.classList.add("dragged")
  })
  root.addEventListener("dragover", (event) => {
    if (dragged) over(dragged, event)
  })
  root.addEventListener("drop", (event) => event.preventDefault())
  root.addEventListener("dragend", ({ dataTransfer }) => {
    if (!dragged) return

    dragged.classList.remove("dragged")
    const dropped = dragged
    dragged = undefined
    // Cancelled by Escape, or dropped elsewhere.
    if (dataTransfer?.dropEffect === "none") putBack()
    else end(dropped)
  })
}

/**
 * Moves one element before or after another, by which half of it the pointer is over.
 *
 * @param {HTMLElement} dragged
 * @param {Element} over
 * @param {DragEvent} event
 * @param {boolean} [isAlwaysAfter]
 */
export function moveBeside(dragged, over, { clientY }, isAlwaysAfter = false) {
  if (over === dragged) return

  const { top, height } = over.getBoundingClientRect()
  over[isAlwaysAfter || clientY > top + height / 2 ? "after" : "before"](dragged)
}

/**
 * All descendants that match.
 * @param {ParentNode} root
 * @param {string} selector
 */
export function allIn(root, selector) {
  return /** @type {HTMLElement[]} */ ([...root.querySelectorAll(selector)])
}
