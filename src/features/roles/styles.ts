import { hexOf, readableColor } from "./colors.ts"
import type { ColoredRole } from "./looks.ts"

/** The version of a server's role colors; browsers cache each version for good. */
export function stylesVersion(roles: readonly ColoredRole[]): string {
  return Bun.hash(JSON.stringify(roles)).toString(36)
}

/**
 * The colors of names as a style sheet, so that messages need not be rendered again when roles change. Ids have only
 * letters, digits, `-` and `_`.
 */
export function roleStyles(roles: readonly ColoredRole[]): string {
  return roles.map(({ id, color, userIds }) => rule(id, color, userIds)).join("\n")
}

function rule(id: string, color: number, userIds: readonly string[]): string {
  const [light, dark] = [hexOf(readableColor(color, "light")), hexOf(readableColor(color, "dark"))]
  const selectors = [`[data-role="${id}"]`, ...userIds.map((userId) => `[data-author="${userId}"]`)]
  return `${selectors.join(",")}{--role:light-dark(${light},${dark})}`
}
