/**
 * Text in which some things are not decided yet: sentinels stand for ends of lines and paragraphs, for where a mark like
 * `**` begins and ends, and for verbatim text. They are noncharacters, which Unicode reserves for internal use.
 */

export const lineMark = "\ufdd0"
export const paragraphMark = "\ufdd1"
const [markStart, markEnd, verbatim] = ["\ufdd2", "\ufdd3", "\ufdd4"]
/** Where a mark ends and the same mark begins again. */
const seam = /(?<!\*)(\*\*|\*|~~|__)\ufdd3( *)\ufdd2\1(?!\*)/g

/**
 * Has a text any formatting that a message can have?
 * @param {string} text
 */
export function isFormatted(text) {
  return /[\ufdd2\ufdd4]|\]\(|^ *(?:#{1,3}|-|\d+\.|>) /m.test(text)
}

/**
 * The final text.
 * @param {string} text
 * @param {string[]} verbatims
 */
export function finish(text, verbatims) {
  return restoreVerbatims(joinMarks(text).replace(/[\ufdd2\ufdd3]/g, ""), verbatims)
}

/**
 * Stores a text that must not be changed any more; returns what stands for it.
 * @param {string} text
 * @param {string[]} verbatims
 */
export function keepVerbatim(text, verbatims) {
  verbatims.push(text)
  return `${verbatim}${verbatims.length - 1}${verbatim}`
}

/**
 * @param {string} text
 * @param {string[]} verbatims
 */
export function restoreVerbatims(text, verbatims) {
  return text.replace(/\ufdd4(\d+)\ufdd4/g, (_, index) => verbatims[Number(index)] ?? "")
}

/**
 * Collapses white space as pages do, and escapes characters that would become Markdown. URLs stay as they are.
 * @param {string} text
 */
export function escapeText(text) {
  return text
    .replace(/[\ufdd0-\ufdd4]/g, "")
    .replace(/[ \t\r\n\f\u00a0]+/g, " ")
    .replace(/https?:\/\/\S+|[*`~\\]|\|\||(?<!\w)_|_(?!\w)/g, (part) =>
      part.startsWith("http") ? part : `\\${part}`,
    )
}

/**
 * Puts a mark around the words of each line: around spaces or over two lines it would be no mark.
 * @param {string} inside
 * @param {string} mark
 */
export function wrapInMark(inside, mark) {
  return inside.replace(/[^\n\ufdd0\ufdd1]+/g, (text) => {
    const [, before = "", words = "", after = ""] =
      text.match(/^(\s*(?:(?:#{1,3}|-|\d+\.|>) )?)(.*?)(\s*)$/) ?? []
    return words === "" ? text : before + markStart + mark + words + mark + markEnd + after
  })
}

/**
 * Joins marks that word processors end and begin again within one word or sentence.
 * @param {string} text
 * @returns {string}
 */
function joinMarks(text) {
  const joined = text.replace(seam, "$2")
  return joined === text ? text : joinMarks(joined)
}

/**
 * Decides ends of lines and paragraphs: at most one empty line, and none at the start or end.
 * @param {string} text
 */
export function tidy(text) {
  return text
    .replace(/[ \t]*[\n\ufdd0\ufdd1](?:[ \t]*[\n\ufdd0\ufdd1])*/g, lineBreaks)
    .replace(/^ (?! )/gm, "")
    .replace(/^\n+|\s+$/g, "")
}

/** @param {string} ends */
function lineBreaks(ends) {
  const breaks = ends.split("\n").length - 1
  const edge = ends.includes(paragraphMark) ? 2 : ends.includes(lineMark) ? 1 : 0
  // A <br> at the end of a block is not visible.
  const invisible = edge > 0 && /^[ \t]*\n[ \t]*[\ufdd0\ufdd1]/.test(ends) ? 1 : 0
  return "\n".repeat(Math.min(2, edge + breaks - invisible))
}
