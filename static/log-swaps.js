import { newMessagesIn } from "./message-text.js"

/**
 * 0: not stored yet, or no message.
 * @param {Element} element
 */
export function positionOf(element) {
  return Number(element.getAttribute("data-position") ?? 0)
}

/**
 * The children of the log that a change concerns: from the first that was added, or is beside one that was added or removed,
 * to the last, with the lines before each message. All others are complete.
 * @param {MutationRecord[]} records
 * @param {HTMLElement} messages
 */
export function changedBy(records, messages) {
  const children = /** @type {HTMLElement[]} */ ([...messages.children])
  const changed = new Set(
    records.flatMap(({ addedNodes, previousSibling, nextSibling }) => [
      ...addedNodes,
      previousSibling,
      nextSibling,
    ]),
  )
  let first = children.findIndex((child) => changed.has(child))
  let last = children.findLastIndex((child) => changed.has(child))
  while (children[first - 1]?.matches(":not(.message)")) first--
  while (children[last]?.matches(":not(.message)")) last++
  return children.slice(first, last + 1)
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
