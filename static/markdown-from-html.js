import {
  escapeText,
  finish,
  isFormatted,
  keepVerbatim,
  lineMark,
  paragraphMark,
  restoreVerbatims,
  tidy,
  wrapInMark,
} from "./markdown-text.js"

/** @type {Record<string, string>} */
const marks = { B: "**", STRONG: "**", I: "*", EM: "*", S: "~~", DEL: "~~", STRIKE: "~~", U: "__" }
/** Elements on lines of their own, and those with space around them too. */
const lines = new Set("DIV TR LI DT DD SECTION ARTICLE HEADER FOOTER MAIN ASIDE FIGURE FIGCAPTION".split(" "))
const paragraphs = new Set("P H1 H2 H3 H4 H5 H6 UL OL DL BLOCKQUOTE PRE TABLE HR".split(" "))
const ignored = new Set(
  "PICTURE VIDEO AUDIO SVG STYLE SCRIPT TEMPLATE HEAD TITLE META LINK IFRAME OBJECT BUTTON INPUT".split(" "),
)
/** The deepest list in lists that a message shows. */
const maxDepth = 11
/** Longer HTML without its style sheets, in UTF-16 code units, is pasted as plain text. */
const maxHtmlLength = 200_000

/**
 * What surrounds a node.
 * @typedef {object} PasteContext
 * @property {number} depth of lists
 * @property {boolean} isQuoted
 * @property {boolean} isInline inside a heading, item or cell, where headings mean nothing
 * @property {string[]} marks
 * @property {string[]} verbatims texts that must not be changed any more
 */

/**
 * The Markdown of what pages, mails and word processors put into the clipboard; `null` if it has no formatting that a
 * message can have.
 * @param {string} html
 */
export function markdownFromHtml(html) {
  const body = parse(html)
  if (!body || isCode(body)) return null

  /** @type {PasteContext} */
  const context = { depth: 0, isQuoted: false, isInline: false, marks: [], verbatims: [] }
  const text = tidy(childrenOf(body, context))
  return isFormatted(text) ? finish(text, context.verbatims) : null
}

/** @param {string} html */
function parse(html) {
  const styleless = withoutStyleSheets(html)
  if (styleless.length > maxHtmlLength) return null

  // A document of its own: nothing in it runs or loads. Style attributes are only read, as data: the page's CSP would
  // report them, and event handlers too, though they would never be called.
  const inert = styleless.replace(/<[a-z][^<>]*>/gi, (tag) =>
    tag.replace(/(?<=[\s"'/])(?=(?:style|on[a-z]+)\s*=)/gi, "data-"),
  )
  return new DOMParser().parseFromString(inert, "text/html").body
}

/**
 * Word's style sheet is longer than its text. By splitting, in linear time.
 * @param {string} html
 */
function withoutStyleSheets(html) {
  const [before = "", ...parts] = html.split(/<style\b/i)
  const closed = parts.map((part) => part.split(/<\/style\s*>/i)).filter((pieces) => pieces.length > 1)
  return before + closed.map(([, ...after]) => after.join("")).join("")
}

/**
 * Editors copy code as formatted HTML: then the plain text is what was meant.
 * @param {HTMLElement} body
 */
function isCode(body) {
  const only = body.children.length === 1 ? body.firstElementChild : null
  return only !== null && /monospace|consolas|menlo|courier/i.test(styleOf(only, "font-family"))
}

/**
 * @param {Node} node
 * @param {PasteContext} context
 * @returns {string}
 */
function childrenOf(node, context) {
  return [...node.childNodes].map((child) => markdownOf(child, context)).join("")
}

/**
 * @param {Node} node
 * @param {PasteContext} context
 * @returns {string}
 */
function markdownOf(node, context) {
  if (node instanceof Text) return escapeText(node.data)
  if (!(node instanceof Element) || ignored.has(node.tagName)) return ""

  return specialOf(node, context) ?? formattedOf(node, context)
}

/**
 * Elements that are not just their children with marks; `undefined` for others.
 * @param {Element} node
 * @param {PasteContext} context
 * @returns {string | undefined}
 */
function specialOf(node, context) {
  if (node.tagName === "BR") return "\n"
  if (node instanceof HTMLImageElement) return emojiOf(node)
  if (node.tagName === "PRE") return paragraphMark + codeOf(node, context) + paragraphMark
  if (node.tagName === "CODE") return codeOf(node, context)
  if (node.tagName === "UL" || node.tagName === "OL") return listOf(node, context)
  if (node instanceof HTMLTableRowElement && node.cells.length > 1) {
    return lineMark + rowOf(node, context) + lineMark
  }
  return styleOf(node, "mso-list") ? wordItemOf(node, context) : undefined
}

/**
 * @param {Element} node
 * @param {PasteContext} context
 */
function formattedOf(node, context) {
  const { tagName } = node
  const level = context.isInline ? 0 : levelOf(node)
  // Headings are bold and links underlined anyway.
  const implied = level > 0 ? ["**"] : tagName === "A" ? ["__"] : []
  const known = [...context.marks, ...implied]
  const own = marksOf(node).filter((mark) => !known.includes(mark))
  const isQuote = tagName === "BLOCKQUOTE"
  const inside = childrenOf(node, {
    ...context,
    marks: [...known, ...own],
    isQuoted: context.isQuoted || isQuote,
    isInline: context.isInline || level > 0,
  })
  const marked = own.reduce(wrapInMark, inside)
  if (tagName === "A") return linkOf(node, marked)
  if (level > 0) return headingOf(level, marked)
  // Messages have no quotes in quotes.
  if (isQuote && !context.isQuoted) {
    const text = restoreVerbatims(tidy(marked), context.verbatims)
    return paragraphMark + (text === "" ? "" : text.replace(/^/gm, "> ")) + paragraphMark
  }
  const edge = paragraphs.has(tagName) ? paragraphMark : lines.has(tagName) ? lineMark : ""
  return edge + marked + edge
}

/**
 * Some chats show emoji as pictures.
 * @param {HTMLImageElement} image
 */
function emojiOf({ alt }) {
  return /^(?:\p{RGI_Emoji}|:[\w+\-]+:)$/v.test(alt) ? alt : ""
}

/**
 * The level of a heading that messages have too; further ones are bold.
 * @param {Element} node
 */
function levelOf({ tagName }) {
  return Number(tagName.match(/^H([1-3])$/)?.[1] ?? 0)
}

/**
 * @param {number} level
 * @param {string} inside
 */
function headingOf(level, inside) {
  const text = tidy(inside).replace(/\s*\n\s*/g, " ")
  return paragraphMark + (text === "" ? "" : `${"#".repeat(level)} ${text}`) + paragraphMark
}

/**
 * By element and by style: word processors use styles, some with a bold element that is not bold.
 * @param {Element} node
 */
function marksOf(node) {
  const [weight, slant] = [styleOf(node, "font-weight"), styleOf(node, "font-style")]
  const decoration = styleOf(node, "text-decoration")
  const isSpan = node.tagName === "SPAN"
  const mark = marks[node.tagName]
  const found = new Set(mark ? [mark] : [])
  if (/^H[1-6]$/.test(node.tagName)) found.add("**")
  else if (/^(normal|[1-4]00)$/.test(weight)) found.delete("**")
  else if (isSpan && /^(bold|[6-9]00)$/.test(weight)) found.add("**")
  if (slant === "normal") found.delete("*")
  else if (isSpan && slant === "italic") found.add("*")
  if (isSpan && decoration.includes("line-through")) found.add("~~")
  if (isSpan && decoration.includes("underline")) found.add("__")
  return [...found]
}

/**
 * A property of an element's style attribute, which `parse` renamed.
 * @param {Element} node
 * @param {string} property
 */
function styleOf(node, property) {
  const declarations =
    node
      .getAttribute("data-style")
      ?.split(";")
      .map((one) => one.split(":")) ?? []
  return declarations.find(([name]) => name?.trim().toLowerCase() === property)?.[1]?.trim() ?? ""
}

/**
 * @param {Element} node
 * @param {PasteContext} context
 */
function codeOf(node, { verbatims }) {
  for (const lineBreak of node.querySelectorAll("br")) lineBreak.replaceWith("\n")
  const code = node.textContent.replace(/\n$/, "")
  if (code.trim() === "") return ""

  const isBlock = node.tagName === "PRE" || code.includes("\n")
  const fence = isBlock ? "```" : "`"
  const fenced = isBlock ? `${fence}\n${code}\n${fence}` : fence + code + fence
  return keepVerbatim(code.includes(fence) ? code : fenced, verbatims)
}

/**
 * @param {Element} list
 * @param {PasteContext} context
 * @returns {string}
 */
function listOf(list, context) {
  const { depth } = context
  const inner = { ...context, depth: depth + 1, isInline: true }
  let number = (list instanceof HTMLOListElement && list.start) || 1
  const items = [...list.children].map((child) => {
    // A list directly in a list: invalid, and common.
    if (!(child instanceof HTMLLIElement)) return tidy(markdownOf(child, inner))

    number = child.value || number
    const marker = list.tagName === "OL" ? `${number++}.` : "-"
    return itemOf(childrenOf(child, inner), { marker, depth })
  })
  const edge = depth > 0 ? lineMark : paragraphMark
  return edge + items.filter(Boolean).join("\n") + edge
}

/**
 * Further lines are indented, or they would not belong to the item.
 * @param {string} inside
 * @param {{ marker: string, depth: number }} place
 */
function itemOf(inside, { marker, depth }) {
  const indent = "  ".repeat(Math.min(depth, maxDepth))
  const text = tidy(inside).replace(/\n+( ?)/g, (_, space) => `\n${space || `${indent}  `}`)
  return `${indent}${marker} ${text}`
}

/**
 * In Word, lists are paragraphs that look like items.
 * @param {Element} node
 * @param {PasteContext} context
 */
function wordItemOf(node, context) {
  const list = styleOf(node, "mso-list")
  // What Word shows as the marker.
  if (/ignore/i.test(list)) return ""

  const depth = Number(list.match(/level(\d)/)?.[1] ?? 1) - 1
  const shown = [...node.querySelectorAll("*")].find((one) => /ignore/i.test(styleOf(one, "mso-list")))
  const [number] = shown?.textContent.trim().match(/^\d+/) ?? []
  const inside = childrenOf(node, { ...context, isInline: true }).trimStart()
  return lineMark + itemOf(inside, { marker: number ? `${number}.` : "-", depth }) + lineMark
}

/**
 * @param {HTMLTableRowElement} row
 * @param {PasteContext} context
 */
function rowOf(row, context) {
  const inner = { ...context, isInline: true }
  return [...row.cells].map((cell) => tidy(childrenOf(cell, inner)).replace(/\s*\n\s*/g, " ")).join("\t")
}

/**
 * @param {Element} link
 * @param {string} inside
 */
function linkOf(link, inside) {
  const href = (link.getAttribute("href") ?? "").replaceAll("(", "%28").replaceAll(")", "%29")
  const [, before = "", name = "", after = ""] = inside.match(/^(\s*)([\s\S]*?)(\s*)$/) ?? []
  if (!/^https?:\/\/\S+$/.test(href) || name === "" || /[[\]\n\ufdd0\ufdd1]/.test(name)) return inside
  return before + (/^https?:/.test(name) ? href : `[${name}](${href})`) + after
}
