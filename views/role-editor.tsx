import { escapeHtml } from "@kitajs/html"
import type { Role } from "../src/features/roles/contract.ts"
import { RoleName, RoleStyles, roleAddress } from "./roles.tsx"
import type { ServerName } from "./shell.tsx"
import { Avatar, DialogLink, Field, FormErrors, type FormState } from "./ui.tsx"

/** Longest name of a user. */
const maxUsernameLength = 32

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
  arePermissionsSaved: boolean
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

function Permissions({ server, role, permissions, arePermissionsSaved }: EditorProps) {
  const { query, groups } = permissions
  const address = roleAddress(server, role.id)
  const canSave = groups.some((group) => group.permissions.some(({ mayChange }) => mayChange))
  return (
    <section aria-labelledby="permissions" class="permissions">
      <h2 id="permissions">Permissions</h2>
      {arePermissionsSaved && <p role="status">Saved.</p>}
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
