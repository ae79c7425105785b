import { escapeHtml } from "@kitajs/html"
import type { Role } from "../src/features/roles/contract.ts"
import { Icon } from "./icons.tsx"
import { settingsAddress } from "./server-settings.tsx"
import type { ServerName } from "./shell.tsx"
import { Avatar, DialogLink, Field, FormErrors, type FormState, PanelForm } from "./ui.tsx"

/** Longest name of a user. */
const maxUsernameLength = 32

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

interface Permission {
  name: string
  title: string
  description: string
  isAllowed: boolean
  /** May the viewer change it? */
  mayChange: boolean
}

export interface PermissionChoices {
  query: string
  groups: { title: string; permissions: Permission[] }[]
}

interface EditorProps {
  server: ServerName
  role: Role
  mayManage: boolean
  isEveryone: boolean
  permissions: PermissionChoices
  holders: { userId: string; username: string }[]
  /** Of the form with the name. */
  state: FormState
  /** Of the form that adds a member. */
  addState: FormState
  error?: string
}

/** Everything about one role. */
export function RoleEditor(props: EditorProps) {
  const { server, role, mayManage, isEveryone, error } = props
  return (
    <>
      <RoleStyles serverId={server.id} />
      <p>
        <a href={roleAddress(server)}>All roles</a>
      </p>
      <FormErrors state={{ error }} />
      {!mayManage && <p class="hint">You cannot change this role: it is not below your highest one.</p>}
      {isEveryone ? (
        <p>All members have this role. Only its permissions can be changed.</p>
      ) : (
        <Display {...props} />
      )}
      <Permissions {...props} />
      {!isEveryone && <Holders {...props} />}
      {!isEveryone && mayManage && (
        <p>
          <DialogLink href={`${roleAddress(server, role.id)}/delete`} class="danger-link">
            Delete role
          </DialogLink>
        </p>
      )}
    </>
  )
}

function Display({ server, role, mayManage, state }: EditorProps) {
  const values = state.values ?? {}
  return (
    <form method="post" action={roleAddress(server, role.id)} class="role-form">
      <FormErrors state={state} />
      <fieldset disabled={!mayManage} class="plain">
        <Field name="name" label="Name" state={state} required maxlength={100} autocomplete="off" />
        <div class="field color-field">
          <label class="check">
            <input type="checkbox" name="hasColor" checked={values.hasColor === "on"} />
            <span>Color names</span>
          </label>
          <input type="color" name="color" aria-label="Color" value={escapeHtml(values.color ?? "#000000")} />
          <RoleName role={role} />
          <small class="hint">
            Where a color would be hard to read, names are darker in the light theme and lighter in the dark
            one.
          </small>
        </div>
        <label class="check">
          <input type="checkbox" name="hoist" checked={values.hoist === "on"} />
          <span>List its members apart from others</span>
        </label>
        <label class="check">
          <input type="checkbox" name="mentionable" checked={values.mentionable === "on"} />
          <span>Everyone may mention it</span>
        </label>
        <p class="actions">
          <button class="primary" type="submit">
            Save
          </button>
        </p>
      </fieldset>
    </form>
  )
}

function Permissions({ server, role, permissions }: EditorProps) {
  const { query, groups } = permissions
  const address = roleAddress(server, role.id)
  const canSave = groups.some((group) => group.permissions.some(({ mayChange }) => mayChange))
  return (
    <section aria-labelledby="permissions" class="permissions">
      <h2 id="permissions">Permissions</h2>
      <form method="get" action={`${address}#permissions`} class="inline">
        <p class="field">
          <label for="q">Search permissions</label>
          <input id="q" name="q" type="search" value={escapeHtml(query)} maxlength={100} autocomplete="off" />
        </p>
        <button type="submit">Search</button>
      </form>
      {groups.length === 0 && <p class="empty">No permission matches.</p>}
      <form method="post" action={`${address}/permissions`}>
        <input type="hidden" name="q" value={escapeHtml(query)} />
        {groups.map(({ title, permissions }) => (
          <fieldset class="permission-group">
            <legend safe>{title}</legend>
            {permissions.map((permission) => (
              <PermissionBox permission={permission} />
            ))}
          </fieldset>
        ))}
        {canSave && (
          <p class="actions">
            <button class="primary" type="submit">
              Save permissions
            </button>
          </p>
        )}
      </form>
    </section>
  )
}

/** What is not shown, or may not be changed, stays as it is: only names in `shown` are looked at. */
function PermissionBox({ permission }: { permission: Permission }) {
  const { name, title, description, isAllowed, mayChange } = permission
  return (
    <div class="permission">
      <label class="check">
        <input
          type="checkbox"
          name="allowed"
          value={name}
          checked={isAllowed}
          disabled={!mayChange}
          aria-describedby={`about-${name}`}
        />
        <span safe>{title}</span>
      </label>
      {mayChange && <input type="hidden" name="shown" value={name} />}
      <small id={`about-${name}`} class="hint" safe>
        {description}
      </small>
    </div>
  )
}

function Holders({ server, role, mayManage, holders, addState }: EditorProps) {
  const address = `${roleAddress(server, role.id)}/members`
  return (
    <section aria-labelledby="holders">
      <h2 id="holders">
        Members <span class="count">{holders.length}</span>
      </h2>
      {holders.length === 0 && <p class="empty">Nobody has this role.</p>}
      <ul class="entries">
        {holders.map(({ userId, username }) => (
          <li>
            <Avatar userId={userId} name={username} />
            <bdi class="grow" safe>
              {username}
            </bdi>
            {mayManage && (
              <form method="post" action={`${address}/${userId}/remove`}>
                <button class="quiet" type="submit" aria-label={escapeHtml(`Remove ${username}`)}>
                  Remove
                </button>
              </form>
            )}
          </li>
        ))}
      </ul>
      {mayManage && (
        <form method="post" action={address} class="inline">
          <FormErrors state={addState} />
          <Field
            name="username"
            label="Add a member"
            state={addState}
            required
            maxlength={maxUsernameLength}
            autocomplete="off"
          />
          <button type="submit">Add</button>
        </form>
      )}
    </section>
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
