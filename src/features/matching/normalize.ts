/**
 * Most characters that one character becomes. NFKC makes 18 of U+FDFA: a message of them must not become so long that
 * matching takes noticeable time.
 */
const maxExpansion = 4

const invisible = /\p{Default_Ignorable_Code_Point}/gu
/** Accents and the like, which belong to no script. Vowel signs of a script are letters of its words. */
const accents = /[\p{Mn}&&\p{Script=Inherited}]/gv

/**
 * A text as word lists compare it: compatibility forms, case, accents and white space do not matter, and characters
 * without a shape are removed. Source: Unicode, UAX #15 (NFKC) and UAX #44 (Default_Ignorable_Code_Point).
 */
export function normalize(text: string): string {
  return (
    compatible(text.replace(invisible, ""))
      .replace(invisible, "")
      // Through upper case, so that "ß" equals "ss"; the final sigma is the one letter whose lower case depends on its place.
      .toUpperCase()
      .toLowerCase()
      .replaceAll("ς", "σ")
      .normalize("NFD")
      .replace(accents, "")
      .normalize("NFC")
      .replace(/\s+/g, " ")
  )
}

/** A text as patterns compare it: without case and characters without a shape. */
export function normalizeForPatterns(text: string): string {
  return text.replace(invisible, "").normalize("NFC").toLowerCase()
}

function compatible(text: string): string {
  const whole = text.normalize("NFKC")
  if (whole.length <= text.length * maxExpansion) return whole

  return Array.from(text, (character) => {
    const expanded = character.normalize("NFKC")
    return expanded.length <= character.length * maxExpansion ? expanded : character
  }).join("")
}
