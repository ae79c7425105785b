/** What is pasted with formatting keeps what of it a message can have, as the signs one would have typed. */

import { replaceText } from "./complete.js"

const marks = { B: "**", STRONG: "**", I: "*", EM: "*", S: "~~", DEL: "~~", STRIKE: "~~", U: "__" }
const blocks = new Set(
  "P DIV H1 H2 H3 H4 H5 H6 UL OL LI BLOCKQUOTE PRE TABLE TR SECTION ARTICLE HEADER FOOTER".split(" "),
)
const ignored = new Set(
  "IMG PICTURE VIDEO AUDIO SVG STYLE SCRIPT TEMPLATE HEAD TITLE META LINK IFRAME OBJECT BUTTON INPUT".split(
    " ",
  ),
)

export function startPasting(text) {
  text.addEventListener("paste", (event) => {
    const { clipboardData } = event
    // Files are somebody else's, and whoever was there first.
    if (event.defaultPrevented || clipboardData.files.length > 0) return

    const [html, plain] = [clipboardData.getData("text/html"), clipboardData.getData("text/plain")]
    const { selectionStart: start, selectionEnd: end } = text
    const pasted = linked(text.value.slice(start, end), plain) ?? formatted(html, plain, clipboardData.types)
    if (pasted === null) return

    event.preventDefault()
    replaceText(text, start, end, pasted)
  })
}

/** An address pasted over words is where they lead. */
function linked(selected, plain) {
  const isLink = /^https?:\/\/[^\s()]+$/.test(plain)
  return isLink && selected.trim() !== "" && !/[\n[\]]|^https?:/.test(selected)
    ? `[${selected}](${plain})`
    : null
}

/** `null`: as plain text it says the same. */
function formatted(html, plain, types) {
  // Editors send the colours of code along, which is no formatting that anybody meant.
  if (html === "" || types.includes("vscode-editor-data")) return null

  // A document of its own: nothing in it runs or loads. Its styles are only read, and the page's policy bans them;
  // it complains of handlers as well, though they would never be called.
  const bare = html
    .replace(/<style[\s\S]*?<\/style>/gi, "")
    .replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/(?<=[\s"'/])(?=(?:style|on[a-z]+)\s*=)/gi, "data-"))
  const { body } = new DOMParser().parseFromString(bare, "text/html")
  if (isCode(body)) return null

  const markdown = tidy(childrenOf(body, { depth: 0 }))
  return /[*_~`[>]|^(?:-|\d+\.) /m.test(markdown) && markdown !== plain.trim() ? markdown : null
}

function isCode(body) {
  const only = body.children.length === 1 ? body.firstElementChild : null
  return /monospace|consolas|menlo|courier/i.test(styleOf(only, "font-family"))
}

function childrenOf(node, around) {
  return [...node.childNodes].map((child) => markdownOf(child, around)).join("")
}

function markdownOf(node, around) {
  if (node.nodeType === Node.TEXT_NODE) return around.isVerbatim ? node.data : escaped(node.data)
  if (node.nodeType !== Node.ELEMENT_NODE || ignored.has(node.tagName)) return ""

  const { tagName } = node
  if (tagName === "BR") return "\n"
  if (tagName === "PRE") return `\n\`\`\`\n${node.textContent.replace(/\n$/, "")}\n\`\`\`\n`
  if (tagName === "CODE") return node.textContent.includes("`") ? node.textContent : `\`${node.textContent}\``
  if (tagName === "UL" || tagName === "OL") return listOf(node, around)
  if (tagName === "TD" || tagName === "TH") return `${childrenOf(node, around)}\t`

  const inside = childrenOf(node, around)
  if (tagName === "A") return linkOf(node, inside)
  if (tagName === "BLOCKQUOTE") return `\n${tidy(inside).replace(/^/gm, "> ")}\n`
  if (blocks.has(tagName)) return `\n${isHeading(tagName) ? wrapped(inside, "**") : inside}\n`
  return wrapped(inside, markOf(node))
}

/** Word processors say it by style, some with a bold element that is not. */
function markOf(node) {
  const { tagName } = node
  const weight = styleOf(node, "font-weight")
  if (weight === "normal" || weight === "400") return tagName === "B" ? "" : (marks[tagName] ?? "")
  if (tagName !== "SPAN") return marks[tagName] ?? ""
  if (Number(weight) >= 600 || weight === "bold") return "**"
  return styleOf(node, "font-style") === "italic" ? "*" : ""
}

function styleOf(node, property) {
  const declared = node?.dataset?.style?.split(";").map((one) => one.split(":")) ?? []
  return declared.find(([name]) => name.trim() === property)?.[1]?.trim() ?? ""
}

function listOf(list, { depth }) {
  const items = [...list.children].filter(({ tagName }) => tagName === "LI")
  const lines = items.map((item, at) => {
    const sign = list.tagName === "OL" ? `${(list.start || 1) + at}.` : "-"
    const inside = tidy(childrenOf(item, { depth: depth + 1 }))
    return `${"  ".repeat(depth)}${sign} ${inside}`
  })
  return `\n${lines.join("\n")}\n`
}

function linkOf(link, inside) {
  const href = link.getAttribute("href") ?? ""
  const name = inside.trim()
  if (!/^https?:\/\/[^\s()]+$/.test(href) || name === "" || name.includes("\n")) return inside
  return name === href || /^https?:/.test(name) ? href : `[${name}](${href})`
}

/** Signs stand at the words: with spaces inside they would be text. */
function wrapped(inside, mark) {
  const [, before, words, after] = inside.match(/^(\s*)([\s\S]*?)(\s*)$/)
  return mark && words && !words.includes("\n\n") ? `${before}${mark}${words}${mark}${after}` : inside
}

/** Spaces as a page shows them, and no sign that would mean something now and did not. */
function escaped(data) {
  return data.replace(/[ \t\r\n\f]+/g, " ").replace(/[*`~\\]|\|\||(?<!\w)_|_(?!\w)/g, "\\$&")
}

function isHeading(tagName) {
  return /^H[1-6]$/.test(tagName)
}

/** No more than one empty line, and none where a text begins and ends. */
function tidy(markdown) {
  return markdown
    .replace(/[ \t]+$/gm, "")
    .replace(/^ (?! )/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/^\n+|\s+$/g, "")
}
