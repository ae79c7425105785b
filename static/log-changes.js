import { newMessagesIn } from "./message-text.js"

/**
 * 0: not stored yet, or no message.
 * @param {Element} element
 */
export function positionOf(element) {
  return Number(element.getAttribute("data-position") ?? 0)
}

/**
 * What was added, and what is beside what was removed; `null` if they are not one after another.
 * @param {MutationRecord[]} records
 */
export function changedBy(records) {
  /** @type {Set<Node | null>} */
  const found = new Set()
  for (const { addedNodes, removedNodes, nextSibling, previousSibling } of records) {
    for (const node of addedNodes) found.add(node)
    if (removedNodes.length > 0) found.add(nextSibling ?? previousSibling)
  }
  const changed = /** @type {HTMLElement[]} */ (
    [...found].filter((node) => node instanceof HTMLElement && node.isConnected)
  )
  changed.sort((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1))
  const isOneRun = changed.every((element, i) => i === 0 || element.previousElementSibling === changed[i - 1])
  return isOneRun ? changed : null
}

/**
 * With the lines before them, and up to the next message: it may start another day or group now.
 * @param {HTMLElement[]} run
 */
export function withNeighbours(run) {
  /** @type {Element[]} */
  const all = [...run]
  const isMessage = (/** @type {Element | null | undefined} */ one) => one?.matches(".message")
  for (let before = run[0]?.previousElementSibling; before && !isMessage(before); ) {
    all.unshift(before)
    before = before.previousElementSibling
  }
  for (let next = run.at(-1)?.nextElementSibling; next; next = next.nextElementSibling) {
    all.push(next)
    if (isMessage(next)) break
  }
  return all
}

/**
 * Lets messages be appended that are newer than all others. To find a place for each, the extension would compare it with
 * every message of the page, which takes longer than everything else.
 * @param {HtmxSwapTask[]} tasks
 * @param {HTMLElement} messages
 */
export function appendNewest(tasks, messages) {
  // Pages of history, or all messages anew.
  if (tasks.some(({ target }) => target === messages)) return

  // What is not stored yet stays at the end.
  const last = messages.lastElementChild
  let highest = (last && positionOf(last)) || Number.POSITIVE_INFINITY
  /** @type {DocumentFragment | undefined} */
  let first
  for (const { fragment, swapSpec } of tasks) {
    if (swapSpec.style !== "upsert" || !fragment) continue

    for (const child of fragment.children) {
      const isNewest = positionOf(child) > highest && !document.getElementById(child.id)
      highest = isNewest ? positionOf(child) : Number.POSITIVE_INFINITY
    }
    if (highest === Number.POSITIVE_INFINITY) continue

    // All with the first: one insertion.
    swapSpec.style = first ? "none" : "beforeend"
    if (first) first.append(fragment)
    else first = fragment
  }
}

/**
 * A stored message goes where its position is, not where it was pending.
 * @param {DocumentFragment | undefined} fragment
 */
export function removePending(fragment) {
  for (const { id } of newMessagesIn(fragment)) {
    const pending = document.getElementById(id)
    if (pending && !pending.dataset.position) pending.remove()
  }
}
