/** Crockford's base 32: no letter is taken for a digit. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
const [groups, groupLength] = [5, 4]

/** A new code such as `7K3M-Q9TX-0B5H-ZR2C-W8VN`: 100 random bits, so that nobody guesses it, whatever the limits. */
export function newRecoveryCode(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(groups * groupLength))
  // 256 is a multiple of 32, so each character is equally likely.
  const characters = [...bytes].map((byte) => alphabet[byte % alphabet.length]).join("")
  return characters.match(new RegExp(`.{${groupLength}}`, "g"))?.join("-") ?? ""
}

/** A code as it is hashed, whichever way it was typed: without spaces and dashes, and with what looks alike. */
export function normalizedCode(typed: string): string {
  return typed
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, "")
    .replaceAll("O", "0")
    .replace(/[IL]/g, "1")
}
