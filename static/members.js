import { byId, find, findAll } from "./elements.js"

/** Keeps members in the group of their status: statuses change one by one, or with the whole list. */
export function keepMembersGrouped() {
  const people = document.getElementById("people")
  if (!people) return

  new MutationObserver(groupMembers).observe(people, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["data-status"],
  })
}

/** Puts every member into the group of their status: those who are offline at the end, the others by role. */
function groupMembers() {
  const pane = document.getElementById("members")
  if (!pane) return

  const lists = new Map(
    findAll(pane, "section[data-group]").map((section) => [section.dataset.group, find(section, "ul")]),
  )
  for (const member of findAll(pane, ".member")) {
    const isOffline = find(member, ".presence")?.dataset.status === "offline"
    const list = lists.get(isOffline ? "offline" : (member.dataset.group ?? "online"))
    if (!list || member.parentElement === list) continue

    const isFocused = member.contains(document.activeElement) ? document.activeElement : null
    const next = findAll(list, ":scope > .member").find((other) => placeOf(other) > placeOf(member))
    list.insertBefore(member, next ?? null)
    if (isFocused instanceof HTMLElement) isFocused.focus({ preventScroll: true })
  }
  for (const section of findAll(pane, "section[data-group]")) {
    const count = findAll(section, ".member").length + Number(section.dataset.unlisted ?? 0)
    section.hidden = count === 0
    const shown = find(section, "h3 > .count")
    // It would call itself without end.
    if (shown && shown.textContent !== String(count)) shown.textContent = String(count)
  }
}

/** @param {HTMLElement} member */
function placeOf({ dataset }) {
  return Number(dataset.place)
}

/** Marks the members who are typing, as the line above the composer names them. */
export class TypingMembers {
  /** @param {string} viewerId whose own typing is no news */
  constructor(viewerId) {
    const typing = byId("typing")
    new MutationObserver(() => {
      const typists = new Set(findAll(typing, "[data-author]").map(({ dataset }) => dataset.author))
      for (const member of findAll(document, "#members .member"))
        member.classList.toggle(
          "typing-now",
          member.dataset.author !== viewerId && typists.has(member.dataset.author),
        )
    }).observe(typing, { childList: true, subtree: true })
  }
}
