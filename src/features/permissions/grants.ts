import { Refusal } from "../../kernel/index.ts"
import { allPermissionNames, bitOf, type Permissions } from "./bits.ts"
import { canActOn } from "./can.ts"
import type { Standing } from "./standing.ts"

// Nobody becomes more powerful by managing roles: they are changed from above, and nobody gives what they do not have.

/** Throws unless the role is below the viewer's highest one. Fails: 403. */
export function assertAbove(standing: Standing, { position }: { position: number }): void {
  if (canActOn(standing, "manageRoles", { rank: position })) return

  throw new Refusal("You may manage only roles below your highest one", 403)
}

/**
 * Throws unless the viewer has every permission in which two sets differ. Taking is restricted, too: one could not give
 * back what one took. Fails: 403.
 */
export function assertMayChange({ permissions }: Standing, before: Permissions, after: Permissions): void {
  const lacking = (before ^ after) & ~permissions
  if (lacking === 0n) return

  const names = allPermissionNames.filter((name) => (lacking & bitOf[name]) !== 0n).map(wordsOf)
  const list = names.length > 0 ? `: ${names.join(", ")}` : ""
  throw new Refusal(`You may change only permissions that you have yourself${list}`, 403)
}

/** "banMembers" becomes "Ban members". */
function wordsOf(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}
