/**
 * The way to remove somebody, in the list of members beside a room. Each member gets it when they are hovered or focused:
 * the list would be half as long again with it.
 */

const removable = "#members .member[data-removable]"

/** Completes members while the pointer or the focus moves. */
export function completeMembers() {
  const complete = (/** @type {Event} */ { target }) => {
    const member = target instanceof Element ? target.closest(removable) : null
    if (member) completeMember(member)
  }
  document.addEventListener("pointerover", complete)
  document.addEventListener("focusin", complete)
  for (const member of document.querySelectorAll(`${removable}:is(:hover, :focus-within)`))
    completeMember(member)
}

/** @param {Element} member */
function completeMember(member) {
  const template = document.getElementById("remove-member")
  const link = template instanceof HTMLTemplateElement && template.content.firstElementChild?.cloneNode(true)
  if (!(link instanceof HTMLAnchorElement && member instanceof HTMLElement)) return
  if (member.querySelector(".remove")) return

  const serverId = document.getElementById("room")?.dataset.server
  link.href = `/servers/${serverId}/members/${member.dataset.author}/remove`
  link.ariaLabel = link.title = `Remove ${member.querySelector(".name > bdi")?.textContent}`
  member.append(link)
}
