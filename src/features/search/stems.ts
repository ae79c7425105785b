import { byScript, latin, loadStemmers, ownLetters, type StemLanguage, type Stemmer } from "./languages.ts"
import { terms } from "./terms.ts"
import { fold, type Word } from "./words.ts"

/** Shorter words have no forms, and longer ones are none. In UTF-16 code units. */
const [minLength, maxLength] = [3, 40]
/** Stems that are remembered: people use the same words again and again. */
const maxRemembered = 20_000
const latinLetter = /[a-z\u00df-\u024f]/
const latinLanguages = Object.keys(latin) as (keyof typeof latin)[]
/** The languages that have a small word. */
const small = new Map<string, StemLanguage[]>()
for (const language of latinLanguages) {
  for (const word of latin[language].split(" ")) small.set(word, [...(small.get(word) ?? []), language])
}

/** The forms of words: messages and searches agree on a word's stem in a language. */
export class Stems {
  readonly #stemmers: Record<StemLanguage, Stemmer>
  readonly #remembered = new Map<string, string>()

  constructor(stemmers: Record<StemLanguage, Stemmer>) {
    this.#stemmers = stemmers
  }

  /** The terms of the words of one message, in the language it seems to be written in. */
  termsOf(words: Word[]): string[] {
    const language = languageOf(words)
    const found = new Set<string>()
    for (const { word, written, parts } of words) {
      const own = small.get(word)?.includes(language) ? undefined : this.#termOf(written, language)
      if (own !== undefined) found.add(own)
      for (const part of parts) {
        const term = this.#termOf(part, language)
        if (term !== undefined) found.add(term)
      }
    }
    return [...found]
  }

  /** The terms of a word that is searched for, in every language that it may be of. */
  termsFor(written: string): string[] {
    const word = fold(written)
    const languages: StemLanguage[] = latinLetter.test(written) ? latinLanguages : ["en"]
    const own = languages.filter((language) => !small.get(word)?.includes(language))
    const found = own.flatMap((language) => [
      this.#termOf(written, language),
      // For queries or messages that are typed without accents.
      this.#termOf(word, language),
    ])
    return [...new Set(found.filter((term) => term !== undefined))]
  }

  /** Tells whether a word of a message is a form of one that is searched for. */
  compare(words: Word[]): (word: Word, sought: string) => boolean {
    const language = languageOf(words)
    const sought = new Map<string, Set<string>>()
    return ({ written, parts }, word) => {
      const wanted = sought.get(word) ?? new Set(this.termsFor(word))
      sought.set(word, wanted)
      return [written, ...parts].some((one) => wanted.has(this.#termOf(one, language) ?? ""))
    }
  }

  #termOf(written: string, latinLanguage: StemLanguage): string | undefined {
    if (written.length < minLength || written.length > maxLength || /\d/.test(written)) return undefined

    const language = latinLetter.test(written) ? latinLanguage : scriptOf(written)
    if (language === undefined) return undefined

    const key = `${language}${written}`
    const known = this.#remembered.get(key)
    if (known !== undefined) return known

    const term = terms.stem(language, fold(this.#stemmers[language](written).normalize("NFC")))
    if (this.#remembered.size >= maxRemembered) this.#remembered.clear()
    this.#remembered.set(key, term)
    return term
  }
}

let loading: Promise<Stems> | undefined

/** Loads the stemmers once. */
export function loadStems(): Promise<Stems> {
  loading ??= loadStemmers().then((stemmers) => new Stems(stemmers))
  return loading
}

/** The language with Latin letters that most small words are of; English where there are none. */
function languageOf(words: Word[]): StemLanguage {
  const counts = new Map<StemLanguage, number>()
  for (const { word } of words) {
    for (const language of small.get(word) ?? []) counts.set(language, (counts.get(language) ?? 0) + 1)
  }
  const most = Math.max(0, ...counts.values())
  const best = latinLanguages.find((language) => most > 0 && counts.get(language) === most)
  if (best !== undefined) return best

  const own = ownLetters.find(([, letters]) => words.some(({ written }) => letters.test(written)))
  return own?.[0] ?? "en"
}

function scriptOf(written: string): StemLanguage | undefined {
  return byScript.find(([, letters]) => letters.test(written))?.[0]
}
