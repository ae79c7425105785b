import { randomInt } from "node:crypto"

/** Backup codes that one gets at once. Source: GitHub and Discord give 10 or more; 10 fit on a small paper. */
export const backupCodeCount = 10

/** Without letters that look like digits or like each other. Source: Crockford's base 32. */
const letters = "0123456789abcdefghjkmnpqrstvwxyz"
const groups = 4
const groupLength = 4

/** A new backup code, such as `k7qd-0x2m-9tw4-hc5e`: 80 random bits, so a fast hash is enough to store it. */
export function newBackupCode(): string {
  const group = () => Array.from({ length: groupLength }, () => letters[randomInt(letters.length)]).join("")
  return Array.from({ length: groups }, group).join("-")
}
