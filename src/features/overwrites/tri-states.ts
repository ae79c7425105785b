import type { TriState } from "../../../views/overwrites.tsx"
import { field } from "../form-fields.ts"
import { bitOf, type Permission, type Permissions } from "../permissions/bits.ts"
import { permissionGroups } from "../permissions/permission-texts.ts"

/** What an overwrite allows and denies. */
export interface Sides {
  allow: Permissions
  deny: Permissions
}

/** The permissions that a channel can change, as the page shows them. */
export function triStatesOf({ allow, deny }: Sides, changeable: Permissions) {
  const stateOf = (bit: bigint): TriState =>
    (allow & bit) !== 0n ? "allow" : (deny & bit) !== 0n ? "deny" : "inherit"
  return permissionGroups
    .map(({ title, permissions }) => ({
      title,
      permissions: permissions
        .filter(({ isOfServer }) => !isOfServer)
        .map(({ name, title, description }) => ({
          ...{ name, title, description, state: stateOf(bitOf[name]) },
          mayChange: (changeable & bitOf[name]) !== 0n,
        })),
    }))
    .filter(({ permissions }) => permissions.length > 0)
}

/** What a form chose. What it did not send, because the viewer may not change it, stays as it was. */
export function chosenSides(body: unknown, before: Sides): Sides {
  return (Object.keys(bitOf) as Permission[]).reduce(({ allow, deny }, name) => {
    const bit = bitOf[name]
    const state = field(body, `state-${name}`)
    if (state === "allow") return { allow: allow | bit, deny: deny & ~bit }
    if (state === "deny") return { allow: allow & ~bit, deny: deny | bit }
    return state === "inherit" ? { allow: allow & ~bit, deny: deny & ~bit } : { allow, deny }
  }, before)
}
