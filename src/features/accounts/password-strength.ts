import { Refusal } from "../../kernel/index.ts"
import { findInstance } from "../instance/store.ts"
import type { Derived } from "../services.ts"

/** Rows of keyboards, the alphabet and digits, on which people walk for a password. */
const walks = ["1234567890", "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm"]
  .concat("abcdefghijklmnopqrstuvwxyz", "1qaz2wsx3edc4rfv5tgb", "qazwsxedcrfvtgb")
  .flatMap((walk) => [walk.repeat(2), [...walk].toReversed().join("").repeat(2)])

/** Words that common passwords are made of. What is added to them, such as digits, does not help much. */
const commonWords = new Set(
  `password passwort passwd pass motdepasse contrasena wachtwoord haslo parola senha secret geheim letmein welcome
  willkommen bienvenue admin administrator root user guest login master changeme default test testing access
  iloveyou loveyou monkey dragon sunshine princess football baseball basketball soccer superman batman shadow
  trustno whatever starwars pokemon flower cheese computer internet samsung google facebook discord summer winter
  spring autumn hello hallo michael jennifer charlie jordan hunter killer freedom mustang ninja correcthorse
  correcthorsebatterystaple abc qwe asd zxc`.split(/\s+/),
)

/** A text without case, accents and everything but letters and digits. */
function simplified(text: string): string {
  const plain = text.normalize("NFKD").toLowerCase()
  return plain.replace(/[^\p{L}\p{N}]/gu, "")
}

/** What is left without digits at its ends: what people add when a password is refused. */
function coreOf(text: string): string {
  const simple = simplified(text)
  return simple.replace(/^\d+|\d+$/g, "") || simple
}

/** Is a password hardly more than that name: with digits and signs added, backwards, or several times? */
export function isSimilar(password: string, name: string): boolean {
  const [core, named] = [coreOf(password), coreOf(name)]
  if (named === "") return false

  const backwards = [...named].toReversed().join("")
  return [named, backwards].some((one) => core.replaceAll(one, "").replace(/\d/g, "") === "")
}

/** Would a guesser try a password early: one thing repeated, a walk over the keyboard, or a common word? */
export function isCommon(password: string): boolean {
  const lower = password.toLowerCase()
  if (/^(.{1,4}?)\1+.{0,3}$/su.test(lower)) return true
  const core = coreOf(password)
  if (commonWords.has(core) || commonWords.has(coreOf(spelled(password)))) return true

  const simple = simplified(password)
  return walks.some((walk) => walk.includes(simple) || (core.length > 3 && walk.includes(core)))
}

const digitsAsLetters: Record<string, string> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "@": "a",
  $: "s",
}

/** `password` of `P4ssw0rd`. */
function spelled(password: string): string {
  return password.replace(/[01345@$]/g, (character) => digitsAsLetters[character] ?? "")
}

const tooSimilar = "Choose a password that is not your username or the name of this chat"

/**
 * Refuses a new password that is hardly more than the username or the instance's name. A common one is not refused:
 * pages advise against it. Fails: 400.
 */
export async function requireUnlikeNames(
  { db, config }: Pick<Derived, "db" | "config">,
  { password, username, field }: { password: string; username: string; field: string },
): Promise<void> {
  const { name } = await findInstance(db, config)
  if (![username, name].some((one) => isSimilar(password, one))) return

  throw new Refusal(tooSimilar, 400, { issues: [{ path: field, message: tooSimilar }] })
}
