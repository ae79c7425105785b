/** A role in the hierarchy. */
interface Positioned {
  id: string
  position: number
}

/**
 * The roles whose positions change when some move to new ones. `roles` are all but `@everyone`, in any order. Positions
 * come out as 1, 2, 3 … without gaps: a moved role gets the position asked for, or the highest there is, and the others
 * keep their order around it.
 */
export function movedRoles<Role extends Positioned>(
  roles: readonly Role[],
  moves: readonly Positioned[],
): { role: Role; position: number }[] {
  const asked = new Map(moves.map(({ id, position }) => [id, position]))
  const byPosition = roles.toSorted((a, b) => a.position - b.position || (a.id < b.id ? 1 : -1))
  const moving = byPosition
    .filter(({ id }) => asked.has(id))
    .toSorted((a, b) => (asked.get(a.id) ?? 0) - (asked.get(b.id) ?? 0))
  const staying = byPosition.filter(({ id }) => !asked.has(id))

  const order: Role[] = []
  while (moving.length > 0 || staying.length > 0) {
    const [next] = moving
    const isDue = next && (asked.get(next.id) ?? 0) <= order.length + 1
    const role = isDue || staying.length === 0 ? moving.shift() : staying.shift()
    if (role) order.push(role)
  }
  return order
    .map((role, index) => ({ role, position: index + 1 }))
    .filter(({ role, position }) => role.position !== position)
}
