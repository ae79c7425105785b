import { escapeHtml } from "@kitajs/html"
import { RoleName, RoleStyles } from "./roles.tsx"
import type { ServerName } from "./shell.tsx"
import { Field, FormErrors, type FormState } from "./ui.tsx"

export type TriState = "allow" | "inherit" | "deny"

interface Permission {
  name: string
  title: string
  description: string
  state: TriState
  /** May the viewer change it? */
  mayChange: boolean
}

/** A role or a member whose permissions a place can change. */
interface Target {
  id: string
  /** 0: a role, 1: a member. */
  type: 0 | 1
  name: string
}

interface Props {
  server: ServerName
  place: { kind: "channel" | "category"; id: string; name: string }
  /** Of a channel, for those who may set them. */
  presets?: { isPrivate: boolean; isReadOnly: boolean }
  /** The category of a channel. */
  sync?: { categoryName: string; isSynced: boolean }
  /** Those with permissions of their own, `@everyone`, and the current one. */
  targets: Target[]
  current: Target
  /** Does the current one have permissions of its own? */
  isStored: boolean
  arePermissionsSaved: boolean
  groups: { title: string; permissions: Permission[] }[]
  /** Roles that are not among the targets. */
  otherRoles: { id: string; name: string }[]
  error?: string
  /** Of the form that chooses a member. */
  memberState: FormState
}

/** The address of the permissions of a channel or category. */
export function placeAddress(
  server: Pick<ServerName, "id">,
  { kind, id }: Pick<Props["place"], "kind" | "id">,
) {
  return `/servers/${server.id}/${kind === "channel" ? "channels" : "categories"}/${id}/permissions`
}

/** What a channel or category allows and denies, other than the server, to one role or member at a time. */
export function PlacePermissions(props: Props) {
  const { server, place, presets, sync, error } = props
  return (
    <>
      <RoleStyles serverId={server.id} />
      <FormErrors state={{ error }} />
      {sync !== undefined && <Sync address={placeAddress(server, place)} sync={sync} />}
      {place.kind === "category" && (
        <p class="hint">The channels of the category that are synced with it have the same permissions.</p>
      )}
      {presets !== undefined && <Presets address={placeAddress(server, place)} presets={presets} />}
      <Targets {...props} />
      <Editor {...props} />
    </>
  )
}

function Sync({ address, sync }: { address: string; sync: NonNullable<Props["sync"]> }) {
  if (sync.isSynced)
    return (
      <p class="hint">
        Synced with the category <bdi safe>{sync.categoryName}</bdi>. Changes here end that.
      </p>
    )
  return (
    <form method="post" action={`${address}/sync`} class="row-form">
      <p class="hint">
        Not synced with the category <bdi safe>{sync.categoryName}</bdi>.
      </p>
      <button type="submit">Sync now</button>
    </form>
  )
}

function Presets({ address, presets }: { address: string; presets: NonNullable<Props["presets"]> }) {
  return (
    <form method="post" action={`${address}/access`} class="row-form">
      <label class="check">
        <input type="checkbox" name="isPrivate" checked={presets.isPrivate} />
        <span>Private: only those allowed below see it</span>
      </label>
      <label class="check">
        <input type="checkbox" name="isReadOnly" checked={presets.isReadOnly} />
        <span>Read-only: only those allowed below write</span>
      </label>
      <button type="submit">Save</button>
    </form>
  )
}

function Targets({ server, place, targets, current, otherRoles, memberState }: Props) {
  const address = placeAddress(server, place)
  return (
    <section aria-labelledby="targets">
      <h2 id="targets">Roles and members</h2>
      <ul class="target-list">
        {targets.map((target) => (
          <li>
            <a
              href={`${address}?of=${encodeURIComponent(target.id)}#permissions`}
              aria-current={target.id === current.id ? "true" : undefined}
            >
              {target.type === 0 ? <RoleName role={target} /> : <bdi safe>{target.name}</bdi>}
            </a>
          </li>
        ))}
      </ul>
      <div class="row-form">
        {otherRoles.length > 0 && (
          <form method="get" action={`${address}#permissions`} class="inline">
            <p class="field">
              <label for="of">Add a role</label>
              <select id="of" name="of">
                {otherRoles.map(({ id, name }) => (
                  <option value={escapeHtml(id)} safe>
                    {name}
                  </option>
                ))}
              </select>
            </p>
            <button type="submit">Choose role</button>
          </form>
        )}
        <form method="get" action={`${address}#permissions`} class="inline">
          <Field
            name="username"
            label="Add a member"
            state={memberState}
            required
            maxlength={32}
            autocomplete="off"
          />
          <button type="submit">Choose member</button>
        </form>
      </div>
    </section>
  )
}

function Editor({ server, place, current, isStored, arePermissionsSaved, groups }: Props) {
  const address = placeAddress(server, place)
  return (
    <section aria-labelledby="permissions">
      <h2 id="permissions">
        Permissions of <bdi safe>{current.name}</bdi>
      </h2>
      {arePermissionsSaved && <p role="status">Saved.</p>}
      <form method="post" action={address} class="tri-form">
        <input type="hidden" name="of" value={escapeHtml(current.id)} />
        {groups.map(({ title, permissions }) => (
          <>
            <h3 safe>{title}</h3>
            {permissions.map((permission) => (
              <TriStateField permission={permission} />
            ))}
          </>
        ))}
        <p class="actions">
          <button class="primary" type="submit">
            Save permissions
          </button>
        </p>
      </form>
      {isStored && (
        <form method="post" action={`${address}/remove`}>
          <input type="hidden" name="of" value={escapeHtml(current.id)} />
          <button type="submit" class="quiet">
            Remove these permissions
          </button>
        </form>
      )}
    </section>
  )
}

const choices: [TriState, string][] = [
  ["deny", "Deny"],
  ["inherit", "As in the server"],
  ["allow", "Allow"],
]

function TriStateField({ permission }: { permission: Permission }) {
  const { name, title, description, state, mayChange } = permission
  return (
    <fieldset class="tri-state" disabled={!mayChange} aria-describedby={`about-${name}`}>
      <legend safe>{title}</legend>
      <small id={`about-${name}`} class="hint" safe>
        {description}
      </small>
      <span class="tri-choices">
        {choices.map(([value, label]) => (
          <label class={value}>
            <input type="radio" name={`state-${name}`} value={value} checked={value === state} />
            <span safe>{label}</span>
          </label>
        ))}
      </span>
    </fieldset>
  )
}
