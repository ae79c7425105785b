import { CodeFinder, runEnd } from "../messages/text/code.ts"
import { linkAt } from "../messages/text/links.ts"
import { after, before, continuesWord } from "../messages/text/scripts.ts"
import { emojiByName } from "./search.ts"

const shortcode = /:[a-z0-9_+-]{1,64}:/
/** A possible shortcode, or a context without shortcodes: code, URLs, emoji of another program (`<:x:123>`). */
const turns = /\\[\s\S]|`|https?:\/\/|<a?:\w{1,64}:\d{1,32}>|:([a-z0-9_+-]{1,64}):/gu
/** How Slack writes skin tones, behind the emoji. */
const slackTone = /:skin-tone-([2-6]):/y
/** How others do, as a part of the name. Sources: Discord (`_tone1`), Unicode CLDR. */
const namedTone = /_(?:tone([1-5])|(light|medium_light|medium|medium_dark|dark)_skin_tone)$/
const tones = ["light", "medium_light", "medium", "medium_dark", "dark"]
const lightestTone = 0x1f3fb
const letterA = 0x1f1e6

/**
 * A text with emoji in place of the names people type for them (`:tada:`), but for those in code and addresses, and
 * behind a backslash.
 */
export async function withEmoji(text: string): Promise<string> {
  if (!text.includes(":") || !shortcode.test(text)) return text

  const byName = await emojiByName()
  const code = new CodeFinder(text)
  let written = ""
  let end = 0
  turns.lastIndex = 0
  for (let turn = turns.exec(text); turn; turn = turns.exec(text)) {
    const { 0: sign, 1: name, index } = turn
    if (sign === "`") turns.lastIndex = code.at(index)?.end ?? runEnd(text, index)
    else if (sign.startsWith("http")) turns.lastIndex = index + (linkAt(text, index)?.length ?? sign.length)
    else if (name !== undefined) {
      const isAlone = index === end || !isInName(text, index, name)
      const emoji = isAlone ? emojiNamed(name, byName) : undefined
      // The colon behind what is no name may be the one in front of a name.
      if (emoji === undefined) {
        turns.lastIndex = index + 1
        continue
      }
      slackTone.lastIndex = index + sign.length
      const [tone = "", number] = slackTone.exec(text) ?? []
      const toned = number === undefined ? undefined : inTone(emoji, Number(number) - 2)
      written += text.slice(end, index) + (toned ?? emoji)
      end = index + sign.length + (toned === undefined ? 0 : tone.length)
      turns.lastIndex = end
    }
  }
  return written + text.slice(end)
}

/** In `std::key::value`, `10:100:30` and `::de:ad` there are no emoji. */
function isInName(text: string, at: number, name: string): boolean {
  const last = before(text, at)
  if (continuesWord(last) || (last === ":" && continuesWord(before(text, at - 1)))) return true
  return name.length < 4 && continuesWord(after(text, at + name.length + 2))
}

function emojiNamed(name: string, byName: ReadonlyMap<string, string>): string | undefined {
  // Slack's `male-teacher` is GitHub's `man_teacher`.
  const plain = name
    .replaceAll("-", "_")
    .replace(/^male_/, "man_")
    .replace(/^female_/, "woman_")
  const found = byName.get(name) ?? byName.get(plain) ?? flagNamed(plain, byName)
  if (found !== undefined) return found

  const [suffix, number, word = ""] = namedTone.exec(plain) ?? []
  if (suffix === undefined) return undefined

  const base = byName.get(plain.slice(0, -suffix.length))
  return base && inTone(base, number === undefined ? tones.indexOf(word) : Number(number) - 1)
}

/** `flag_us` and `flag-us` are what GitHub calls `us`; Discord has letters for more of them. */
function flagNamed(name: string, byName: ReadonlyMap<string, string>): string | undefined {
  const [, flag] = name.match(/^flag_(\w+)$/) ?? []
  const [, letter] = name.match(/^regional_indicator_([a-z])$/) ?? []
  if (letter !== undefined) return regional(letter)
  if (flag === undefined) return undefined

  const country = flag.length === 2 ? flag.replace(/./g, regional) : undefined
  const isKnown = country !== undefined && /^\p{RGI_Emoji}$/v.test(country)
  return isKnown ? country : byName.get(flag)
}

function regional(letter: string): string {
  return String.fromCodePoint(letterA + letter.charCodeAt(0) - "a".charCodeAt(0))
}

/** An emoji in a skin tone, the lightest being 0; `undefined` where it has none. */
function inTone(emoji: string, tone: number): string | undefined {
  const first = after(emoji, 0)
  if (!/^\p{Emoji_Modifier_Base}/u.test(first)) return undefined

  const rest = emoji.slice(first.length).replace(/^\ufe0f/, "")
  return first + String.fromCodePoint(lightestTone + tone) + rest
}
