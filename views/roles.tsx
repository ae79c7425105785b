import { escapeHtml } from "@kitajs/html"
import type { Role } from "../src/features/roles/contract.ts"
import { Icon } from "./icons.tsx"
import { settingsAddress } from "./server-settings.tsx"
import type { ServerName } from "./shell.tsx"
import { Field, FormErrors, type FormState, PanelForm } from "./ui.tsx"

interface ListedRole extends Role {
  /** How many members have it. */
  members: number
  mayMoveUp: boolean
  mayMoveDown: boolean
}

interface ListProps {
  server: ServerName
  /** Highest first. */
  roles: ListedRole[]
  state: FormState
}

/** The address of a role's page; the list's for none. */
export function roleAddress(server: Pick<ServerName, "id">, roleId?: string): string {
  const list = settingsAddress(server, "roles")
  return roleId === undefined ? list : `${list}/${roleId}`
}

/** The colors of a server's roles: rules for elements with `data-role` and `data-author`. */
export function RoleStyles({ serverId, version }: { serverId: string; version?: string }) {
  const file = `/servers/${serverId}/roles.css`
  return <link rel="stylesheet" href={version === undefined ? file : `${file}?v=${version}`} />
}

/**
 * Marks mentions of the viewer's roles as those of the viewer, see `src/features/mentions/role-styles.ts`. `version`: of
 * their roles; without one, browsers ask each time.
 */
export function HeldRolesStyles({ version }: { version?: string }) {
  const file = "/account/roles.css"
  const href = version === undefined ? file : `${file}?v=${version}`
  return <link id="held-roles-styles" rel="stylesheet" href={href} />
}

/** A role's name on its color. */
export function RoleName({ role }: { role: Pick<Role, "id" | "name"> }) {
  return (
    <span class="role-name" data-role={escapeHtml(role.id)}>
      <span class="role-dot" aria-hidden="true" />
      <bdi safe>{role.name}</bdi>
    </span>
  )
}

/** The roles of a server from the highest to `@everyone`, and creating one. */
export function RoleList({ server, roles, state }: ListProps) {
  return (
    <>
      <RoleStyles serverId={server.id} />
      <p class="hint">
        Members may do what any of their roles allows. Roles higher in the list act on those below; a member's
        name has the color of their highest role that has one.
      </p>
      <form id="role-order" method="post" action={`${roleAddress(server)}/move`} hidden>
        <input type="hidden" name="roleId" />
        <input type="hidden" name="position" />
      </form>
      <ul id="roles" class="role-list">
        {roles.map((role) => (
          <li
            id={`role-${role.id}`}
            data-role={role.id}
            data-position={String(role.position)}
            draggable={role.mayMoveUp || role.mayMoveDown ? "true" : undefined}
          >
            <a draggable="false" href={roleAddress(server, role.id)}>
              <RoleName role={role} />
              <small class="hint" safe>
                {role.id === role.serverId ? "All members" : count(role.members)}
              </small>
            </a>
            <span class="entry-tools">
              <MoveButton server={server} role={role} by={1} />
              <MoveButton server={server} role={role} by={-1} />
            </span>
          </li>
        ))}
      </ul>
      <form method="post" action={roleAddress(server)} class="inline">
        <FormErrors state={state} />
        <Field name="name" label="New role" state={state} required maxlength={100} autocomplete="off" />
        <button class="primary" type="submit">
          Create role
        </button>
      </form>
    </>
  )
}

const count = (members: number) => (members === 1 ? "1 member" : `${members} members`)

function MoveButton({ server, role, by }: { server: ServerName; role: ListedRole; by: 1 | -1 }) {
  const isPossible = by === 1 ? role.mayMoveUp : role.mayMoveDown
  if (!isPossible) return ""

  const label = `Move ${role.name} ${by === 1 ? "up" : "down"}`
  return (
    <form method="post" action={`${roleAddress(server)}/move`}>
      <input type="hidden" name="roleId" value={escapeHtml(role.id)} />
      <input type="hidden" name="position" value={String(role.position + by)} />
      <button class="quiet" type="submit" aria-label={escapeHtml(label)} title={escapeHtml(label)}>
        <Icon name={by === 1 ? "up" : "down"} />
      </button>
    </form>
  )
}

/** Deleting a role. */
export function DeleteRolePanel({
  server,
  role,
  holders,
}: {
  server: ServerName
  role: Role
  holders: number
}) {
  return (
    <>
      <p>
        <bdi safe>{role.name}</bdi> will be taken from <span safe>{count(holders)}</span>, who lose what it
        allows. Its permissions in channels are deleted, too.
      </p>
      <PanelForm action={`${roleAddress(server, role.id)}/delete`} state={{}} submit="Delete role" danger />
    </>
  )
}
