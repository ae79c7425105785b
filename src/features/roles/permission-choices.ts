import type { PermissionChoices } from "../../../views/role-editor.tsx"
import { fields } from "../form-fields.ts"
import { allPermissionNames, bitOf, type Permission, type Permissions } from "../permissions/bits.ts"
import { searchPermissions } from "../permissions/permission-texts.ts"

interface Chosen {
  /** What the role allows. */
  allowed: Permissions
  /** What the viewer may change. */
  changeable: Permissions
  query: string
}

/** The permissions that match a search, as the page of a role shows them. */
export function choicesOf({ allowed, changeable, query }: Chosen): PermissionChoices {
  const groups = searchPermissions(query).map(({ title, permissions }) => ({
    title,
    permissions: permissions.map(({ name, title, description }) => ({
      ...{ name, title, description },
      isAllowed: (allowed & bitOf[name]) !== 0n,
      mayChange: (changeable & bitOf[name]) !== 0n,
    })),
  }))
  return { query, groups }
}

/** The permissions that a form chose. What it did not show, such as what a search left out, stays as it was. */
export function chosenPermissions(body: unknown, before: Permissions): Permissions {
  const allowed = fields(body, "allowed")
  const shown = fields(body, "shown").filter(isPermission)
  return shown.reduce(
    (bits, name) => (allowed.includes(name) ? bits | bitOf[name] : bits & ~bitOf[name]),
    before,
  )
}

function isPermission(name: string): name is Permission {
  return (allPermissionNames as string[]).includes(name)
}
