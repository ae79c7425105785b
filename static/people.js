/**
 * Shows other names and pictures of people on an open page: messages are not sent again for it. Loaded with the first change,
 * and imports nothing that every page loads too.
 */

/** @import { PersonFrame } from "../src/web/live/frames.ts" */

/** @param {Pick<PersonFrame, "userId" | "username" | "name" | "face">} person */
export function showPerson({ userId, username, name, face }) {
  const id = CSS.escape(userId)
  const by = `[data-author="${id}"]`
  // Programs have names of their own in each message.
  const authors = `.message${by} > header > bdi.author, .member${by} .name > bdi`
  for (const author of findAll(document, authors)) {
    if (name === username) author.removeAttribute("title")
    else author.title = `@${username}`
    // The name may be a link: see `toolbar.js`.
    const shown = author.firstElementChild ?? author
    shown.textContent = name
  }
  const names = `.quote${by} bdi, .typist${by} > bdi`
  for (const shown of findAll(document, names)) shown.textContent = name
  for (const mention of findAll(document, `.mention[data-user="${id}"]`)) mention.textContent = `@${name}`

  const avatars = `.message${by}:has(> header > bdi.author) > .avatar, .member${by} > .avatar`
  for (const avatar of findAll(document, avatars)) if (avatar.innerHTML !== face) avatar.innerHTML = face
  if (find(document, ".app")?.dataset.viewer === userId) showMe(name, face)
}

/**
 * The viewer, below the servers and in what they are about to send. What they are called in the room's server stands
 * only in messages.
 * @param {string} name
 * @param {string} face
 */
function showMe(name, face) {
  const template = document.getElementById("pending-message")
  if (!(template instanceof HTMLTemplateElement)) return

  for (const part of findAll(template.content, ".author")) part.textContent = name
  for (const avatar of [...findAll(template.content, ".avatar"), ...findAll(document, ".me-link > .avatar")])
    avatar.innerHTML = face
}

/** Shows the authors in the log by the names and pictures of the list of members. */
export function followMembers() {
  for (const member of findAll(document, ".member[data-author]")) {
    const { author: userId = "" } = member.dataset
    const message = find(document, `#messages > [data-author="${CSS.escape(userId)}"]`)
    const shown = find(member, ".name > bdi")
    const name = shown?.textContent ?? ""
    const face = find(member, ".avatar")?.innerHTML ?? ""
    const isSame =
      find(message ?? member, ".author, .name > bdi")?.textContent === name &&
      find(message ?? member, ".avatar")?.innerHTML === face
    if (!isSame) showPerson({ userId, name, face, username: shown?.title.slice(1) || name })
  }
}

/**
 * @param {ParentNode} root
 * @param {string} selector
 */
function find(root, selector) {
  return /** @type {HTMLElement | null} */ (root.querySelector(selector))
}

/**
 * @param {ParentNode} root
 * @param {string} selector
 */
function findAll(root, selector) {
  return /** @type {HTMLElement[]} */ ([...root.querySelectorAll(selector)])
}
