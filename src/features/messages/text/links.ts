import { after, before, isUnspaced } from "./scripts.ts"

// Finds the end of an address by UTS #58 (Unicode Link Detection), or earlier where readers expect less.

const scheme = /https?:\/\//iy
/** The characters of a host, with user name and port. */
const host =
  /(?:[\w.~%+:-]*@)?(?:\[[\da-f:.]+\]|[\u200d\u200c\p{L}\p{N}\p{M}\p{So}\u00b7\u30fb\u3002._%-]+)(?::\d{1,5})?/iuy
/** The boundary between a host and a sentence without a space: no top-level domain has both kinds of letters. */
const mixedLabel = /^([a-z0-9-]+)_*(.)/isu

/** Ends an address (Link_Term=Hard), or is other syntax: spoilers, bold text, the end of a link's text. */
const hard =
  /[\s<>`\p{Cc}\p{Cn}\p{Co}\p{Cs}\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]|\|\||\*\*|~~|\]\(/uy
/**
 * Ends a sentence, and the address with it. UTS #58 continues where no space follows; but scripts with these have none
 * there, and browsers copy such addresses percent-encoded.
 */
const sentenceEnd = /[[\p{Terminal_Punctuation}\uff5c]--\p{ASCII}]/v
/** Characters that belong to an address only if it continues: Link_Term=Soft, and GFM's trailing punctuation. */
const soft = /[!"'*,.:;?~|«»‘’‛“”‟‹›—…⋯]/
const bracketPairs = "()[]{}（）［］｛｝｟｠｢｣〈〉《》「」『』【】〔〕〖〗〘〙〚〛⟦⟧⟨⟩⟪⟫⦅⦆⁅⁆❨❩❪❫❲❳❴❵༺༻༼༽"
const openerOf = new Map(bracketPairs.match(/../gu)?.map(([opener, closer]) => [closer, opener] as const))
const openers = new Set<string | undefined>(openerOf.values())
/** An address that begins behind one of these ends at its partner. */
const partners: Record<string, string> = {
  ...{ '"': '"', "'": "'", "*": "*", "|": "|", "“": "”", "‘": "’", "«": "»", "»": "«", "„": "“”" },
}
/** Most of an address. Brackets do not match across a `divider`. */
const ordinary = /[a-z0-9/=&%+@$-]+/iy
const divider = /[/?#=&]/
const letter = /[\p{L}\p{N}]/u
/** The end of an escaped character, which belongs to the page that the address was copied from. Source: GFM. */
const entity = /&[a-z0-9]{1,31}$/i

/** Does an address begin at `start`, and not within a word? */
export function isLinkStart(text: string, start: number): boolean {
  scheme.lastIndex = start
  return scheme.test(text) && !continuesLatin(before(text, start))
}

/** The URL that begins at `start`, without punctuation of the sentence around it. */
export function linkAt(text: string, start: number): string | undefined {
  scheme.lastIndex = start
  if (!scheme.test(text)) return undefined

  const begins = scheme.lastIndex
  const opened = before(text, start)
  const ends = hostEnd(text, begins)
  if (ends === undefined) return undefined

  const hasPath = /[/?#]/.test(text[ends] ?? "")
  const end = hasPath ? pathEnd(text, begins, ends, partners[opened] ?? "") : ends
  const href = text.slice(start, opened === "_" ? emphasisEnd(text, start, end) : end)
  return text[end] === ";" ? href.replace(entity, "") : href
}

/** The end of a host; `undefined` without one. */
function hostEnd(text: string, start: number): number | undefined {
  host.lastIndex = start
  const [found = ""] = host.exec(text) ?? []
  // A full stop of Chinese and Japanese divides hosts (IDNA), but after an ASCII name it ends the sentence.
  const name = found.split(/(?<=[a-z0-9])\u3002|\u3002(?=$)/i, 1)[0] ?? ""
  if (!/^[\p{L}\p{N}\p{So}[%_]/u.test(name) || /\.\.[^.]/.test(name)) return undefined

  const label = name.lastIndexOf(".") + 1
  const [, ascii = "", next = ""] = mixedLabel.exec(name.slice(label)) ?? []
  if (isUnspaced(next) || (next > "\x7f" && /\p{So}/u.test(next))) return start + label + ascii.length

  const end = start + name.length
  return /[/?#]/.test(text[end] ?? "") ? end : start + lengthWithout(name, "._-")
}

/** The end of the path, query and fragment of an address. */
function pathEnd(text: string, hostStart: number, start: number, partner: string): number {
  let at = start
  let safe = start
  let isAscii = /^[\0-\x7f]*$/.test(text.slice(hostStart, start))
  let open: string[] = []
  while (at < text.length) {
    ordinary.lastIndex = hard.lastIndex = at
    const [run] = ordinary.exec(text) ?? []
    if (run !== undefined) {
      if (open.length > 0 && divider.test(run)) open = []
      at += run.length
      safe = at
      continue
    }
    const character = after(text, at)
    if (hard.test(text) || partner.includes(character) || sentenceEnd.test(character)) break
    if (character === '"' && !isWithinWord(text, at)) break

    const isBracket = openers.has(character) || openerOf.has(character)
    // Brackets of another script are a remark about the address.
    if (isBracket && isAscii && character > "\x7f") break
    if (openerOf.has(character) && open.pop() !== openerOf.get(character)) break
    if (openers.has(character)) open.push(character)
    else if (divider.test(character)) open = []
    isAscii &&= character <= "\x7f"
    at += character.length
    if (!soft.test(character) && !openers.has(character)) safe = at
  }
  return safe
}

function isWithinWord(text: string, at: number): boolean {
  return letter.test(before(text, at)) && letter.test(after(text, at + 1))
}

/** The end of an address in `_emphasis_`: the last matching underscores that are not inside a word. */
function emphasisEnd(text: string, start: number, end: number): number {
  let first = start
  while (text[first - 1] === "_") first--
  const run = "_".repeat(start - first)
  for (let at = end - run.length; at > start; at--) {
    at = text.lastIndexOf(run, at)
    if (at > start && !/[a-z0-9_]/i.test(text[at + run.length] ?? "")) return at
  }
  return end
}

function lengthWithout(text: string, ends: string): number {
  let length = text.length
  while (length > 0 && ends.includes(text.charAt(length - 1))) length--
  return length
}

function continuesLatin(character: string): boolean {
  return letter.test(character) && !isUnspaced(character)
}
