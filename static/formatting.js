/** Formatting as pages, mail and word processors have it, in the signs that one would have typed for it. */

const marks = { B: "**", STRONG: "**", I: "*", EM: "*", S: "~~", DEL: "~~", STRIKE: "~~", U: "__" }
/** What stands on lines of its own, and what has room around it too. */
const lines = new Set("DIV TR LI DT DD SECTION ARTICLE HEADER FOOTER MAIN ASIDE FIGURE FIGCAPTION".split(" "))
const paragraphs = new Set("P H1 H2 H3 H4 H5 H6 UL OL DL BLOCKQUOTE PRE TABLE HR".split(" "))
const ignored = new Set(
  "PICTURE VIDEO AUDIO SVG STYLE SCRIPT TEMPLATE HEAD TITLE META LINK IFRAME OBJECT BUTTON INPUT".split(" "),
)
/** Lists in lists, as a message shows them. */
const maxDepth = 11
/** Formatting of more than this, in UTF-16 code units, is no message's: then it is plain text. */
const maxHtmlLength = 200_000

/**
 * Signs that stand for what is not known until all of it is there: where a line or a paragraph ends, where marks begin
 * and end, what is kept as it is. Unicode keeps them for such inner use.
 */
const [line, gap, opening, closing, kept] = ["\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3", "\ufdd4"]
/** Where one mark ends and the same begins again. */
const seam = /(?<!\*)(\*\*|\*|~~|__)\ufdd3( *)\ufdd2\1(?!\*)/g

/** `null` for what has no formatting that a message can have. */
export function markdownFrom(html) {
  const body = parse(html)
  if (!body || isCode(body)) return null

  const around = { depth: 0, isQuoted: false, isInline: false, marks: [], kept: [] }
  const text = tidy(childrenOf(body, around))
  const isFormatted = /[\ufdd2\ufdd4]|\]\(|^ *(?:#{1,3}|-|\d+\.|>) /m.test(text)
  return isFormatted ? whole(joined(text).replace(/[\ufdd2\ufdd3]/g, ""), around) : null
}

function parse(html) {
  const styleless = withoutStyles(html)
  if (styleless.length > maxHtmlLength) return null

  // A document of its own: nothing in it runs or loads. Its styles are only read, and the page's policy bans them;
  // it complains of handlers as well, though they would never be called.
  const bare = styleless.replace(/<[a-z][^<>]*>/gi, (tag) =>
    tag.replace(/(?<=[\s"'/])(?=(?:style|on[a-z]+)\s*=)/gi, "data-"),
  )
  return new DOMParser().parseFromString(bare, "text/html").body
}

/** Word's style sheet is longer than its text. From each beginning to its end, without looking at any twice. */
function withoutStyles(html) {
  const [before, ...parts] = html.split(/<style\b/i)
  const closed = parts.map((part) => part.split(/<\/style\s*>/i)).filter((pieces) => pieces.length > 1)
  return before + closed.map(([, ...after]) => after.join("")).join("")
}

/** As editors copy it: of which the plain text is what was meant. */
function isCode(body) {
  const only = body.children.length === 1 ? body.firstElementChild : null
  return /monospace|consolas|menlo|courier/i.test(styleOf(only, "font-family"))
}

function childrenOf(node, around) {
  return [...node.childNodes].map((child) => markdownOf(child, around)).join("")
}

function markdownOf(node, around) {
  if (node.nodeType === Node.TEXT_NODE) return escaped(node.data)
  if (node.nodeType !== Node.ELEMENT_NODE || ignored.has(node.tagName)) return ""

  const { tagName } = node
  if (tagName === "BR") return "\n"
  // Chats have pictures for emoji.
  if (tagName === "IMG") return /^(?:\p{RGI_Emoji}|:[\w+\-]+:)$/v.test(node.alt) ? node.alt : ""
  if (tagName === "PRE") return gap + codeOf(node, around) + gap
  if (tagName === "CODE") return codeOf(node, around)
  if (tagName === "UL" || tagName === "OL") return listOf(node, around)
  if (tagName === "TR" && node.cells.length > 1) return line + rowOf(node, around) + line
  if (styleOf(node, "mso-list")) return itemOf(node, around)

  const level = around.isInline ? 0 : levelOf(node)
  // That headings are bold and links underlined goes without saying.
  const unsaid = level > 0 ? ["**"] : tagName === "A" ? ["__"] : []
  const known = [...around.marks, ...unsaid]
  const own = marksOf(node).filter((mark) => !known.includes(mark))
  const within = [...known, ...own]
  const isQuote = tagName === "BLOCKQUOTE"
  const isQuoted = around.isQuoted || isQuote
  const inside = childrenOf(node, {
    ...around,
    marks: within,
    isQuoted,
    isInline: around.isInline || level > 0,
  })
  const marked = own.reduce((text, mark) => wrapped(text, mark), inside)
  if (tagName === "A") return linkOf(node, marked)
  if (level > 0) return titled(level, marked)
  // A quote in a quote is one quote: messages know no others.
  if (isQuote && !around.isQuoted) return gap + quoted(whole(tidy(marked), around)) + gap
  const edge = paragraphs.has(tagName) ? gap : lines.has(tagName) ? line : ""
  return edge + marked + edge
}

/** Of a heading that a message has too: three levels of them; further ones are bold. */
function levelOf({ tagName }) {
  return Number(tagName.match(/^H([1-3])$/)?.[1] ?? 0)
}

/** A heading is one line. */
function titled(level, inside) {
  const said = tidy(inside).replace(/\s*\n\s*/g, " ")
  return gap + (said === "" ? "" : `${"#".repeat(level)} ${said}`) + gap
}

function quoted(text) {
  return text === "" ? "" : text.replace(/^/gm, "> ")
}

/** Word processors say it by style, some with a bold element that is not. */
function marksOf(node) {
  const [weight, slant, drawn] = ["font-weight", "font-style", "text-decoration"].map((property) =>
    styleOf(node, property),
  )
  const isSpan = node.tagName === "SPAN"
  const found = new Set([marks[node.tagName]])
  if (/^H[1-6]$/.test(node.tagName)) found.add("**")
  else if (/^(normal|[1-4]00)$/.test(weight)) found.delete("**")
  else if (isSpan && /^(bold|[6-9]00)$/.test(weight)) found.add("**")
  if (slant === "normal") found.delete("*")
  else if (isSpan && slant === "italic") found.add("*")
  if (isSpan && drawn.includes("line-through")) found.add("~~")
  if (isSpan && drawn.includes("underline")) found.add("__")
  found.delete(undefined)
  return [...found]
}

function styleOf(node, property) {
  const declared = node?.dataset?.style?.split(";").map((one) => one.split(":")) ?? []
  return declared.find(([name]) => name.trim().toLowerCase() === property)?.[1]?.trim() ?? ""
}

/** Not a sign of it means anything, and not a space is too many. */
function codeOf(node, { kept: all }) {
  for (const end of node.querySelectorAll("br")) end.replaceWith("\n")
  const code = node.textContent.replace(/\n$/, "")
  if (code.trim() === "") return ""

  const isBlock = node.tagName === "PRE" || code.includes("\n")
  const fence = isBlock ? "```" : "`"
  const fenced = isBlock ? `${fence}\n${code}\n${fence}` : fence + code + fence
  all.push(code.includes(fence) ? code : fenced)
  return `${kept}${all.length - 1}${kept}`
}

function whole(text, { kept: all }) {
  return text.replace(/\ufdd4(\d+)\ufdd4/g, (_, at) => all[at])
}

function listOf(list, around) {
  const { depth } = around
  const inner = { ...around, depth: depth + 1, isInline: true }
  let number = list.start || 1
  const items = [...list.children].map((child) => {
    // A list right inside of a list: not as it should be, but as it is done.
    if (child.tagName !== "LI") return tidy(markdownOf(child, inner))

    number = child.value || number
    const sign = list.tagName === "OL" ? `${number++}.` : "-"
    return item(sign, depth, childrenOf(child, inner))
  })
  const edge = depth > 0 ? line : gap
  return edge + items.filter(Boolean).join("\n") + edge
}

/** What goes on in further lines stands under its beginning, or it would be none of the list. */
function item(sign, depth, inside) {
  const indent = "  ".repeat(Math.min(depth, maxDepth))
  return `${indent}${sign} ${tidy(inside).replace(/\n+( ?)/g, (_, space) => `\n${space || `${indent}  `}`)}`
}

/** Word's lists are paragraphs that look like items. */
function itemOf(node, around) {
  const list = styleOf(node, "mso-list")
  if (/ignore/i.test(list)) return ""

  const depth = Number(list.match(/level(\d)/)?.[1] ?? 1) - 1
  const shown = [...node.querySelectorAll("*")].find((one) => /ignore/i.test(styleOf(one, "mso-list")))
  const [number] = shown?.textContent.trim().match(/^\d+/) ?? []
  const inside = childrenOf(node, { ...around, isInline: true }).trimStart()
  return line + item(number ? `${number}.` : "-", depth, inside) + line
}

function rowOf(row, around) {
  const inner = { ...around, isInline: true }
  return [...row.cells].map((cell) => tidy(childrenOf(cell, inner)).replace(/\s*\n\s*/g, " ")).join("\t")
}

function linkOf(link, inside) {
  const href = (link.getAttribute("href") ?? "").replaceAll("(", "%28").replaceAll(")", "%29")
  const [, before, name, after] = inside.match(/^(\s*)([\s\S]*?)(\s*)$/)
  if (!/^https?:\/\/\S+$/.test(href) || name === "" || /[[\]\n\ufdd0\ufdd1]/.test(name)) return inside
  return before + (/^https?:/.test(name) ? href : `[${name}](${href})`) + after
}

/** Signs stand at the words of each line: with spaces inside, or over two lines of a list, they would be text. */
function wrapped(inside, mark) {
  return inside.replace(/[^\n\ufdd0\ufdd1]+/g, (text) => {
    const [, before, words, after] = text.match(/^(\s*(?:(?:#{1,3}|-|\d+\.|>) )?)(.*?)(\s*)$/)
    return words === "" ? text : before + opening + mark + words + mark + closing + after
  })
}

/** Word processors end and begin again what goes on. */
function joined(text) {
  const once = text.replace(seam, "$2")
  return once === text ? text : joined(once)
}

/** Spaces as a page shows them, and no sign that would mean something now and did not; addresses stay what they are. */
function escaped(data) {
  return data
    .replace(/[\ufdd0-\ufdd4]/g, "")
    .replace(/[ \t\r\n\f\u00a0]+/g, " ")
    .replace(/https?:\/\/\S+|[*`~\\]|\|\||(?<!\w)_|_(?!\w)/g, (sign) =>
      sign.startsWith("http") ? sign : `\\${sign}`,
    )
}

/** Lines and paragraphs as they end: no more than one empty line, and none where a text begins and ends. */
function tidy(text) {
  return text
    .replace(/[ \t]*[\n\ufdd0\ufdd1](?:[ \t]*[\n\ufdd0\ufdd1])*/g, endOf)
    .replace(/^ (?! )/gm, "")
    .replace(/^\n+|\s+$/g, "")
}

function endOf(ends) {
  const breaks = ends.split("\n").length - 1
  const edge = ends.includes(gap) ? 2 : ends.includes(line) ? 1 : 0
  // One that ends a line which ends there anyway is not seen.
  const unseen = edge > 0 && /^[ \t]*\n[ \t]*[\ufdd0\ufdd1]/.test(ends) ? 1 : 0
  return "\n".repeat(Math.min(2, edge + breaks - unseen))
}
