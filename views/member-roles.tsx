import { escapeHtml } from "@kitajs/html"
import type { Member } from "../src/features/members/contract.ts"
import type { Role } from "../src/features/roles/contract.ts"
import { MemberSearch } from "./member-search.tsx"
import { RoleName, RoleStyles } from "./roles.tsx"
import { settingsAddress } from "./server-settings.tsx"
import type { ServerName } from "./shell.tsx"
import { Avatar, BotBadge, FormErrors } from "./ui.tsx"

interface ListProps {
  server: ServerName
  members: Member[]
  /** Of the whole server. */
  total: number
  query: string
  /** Highest first. */
  roles: Role[]
}

/** The address of a member's roles; of the list without one. */
export function memberAddress(server: Pick<ServerName, "id">, userId?: string): string {
  const list = settingsAddress(server, "members")
  return userId === undefined ? list : `${list}/${userId}`
}

/** The members of a server with their roles. */
export function MemberRolesList({ server, members, total, query, roles }: ListProps) {
  const roleOf = new Map(roles.map((role) => [role.id, role]))
  return (
    <>
      <RoleStyles serverId={server.id} />
      <MemberSearch action={memberAddress(server)} query={query} shown={members.length} total={total} />
      <ul class="role-list">
        {members.map((member) => (
          <li>
            <a href={memberAddress(server, member.userId)}>
              <MemberName member={member} />
              <span class="role-names">
                {member.roleIds.map((id) => {
                  const role = roleOf.get(id)
                  return role ? <RoleName role={role} /> : ""
                })}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </>
  )
}

function MemberName({ member }: { member: Member }) {
  const { userId, username, nickname, isOwner, isBot } = member
  return (
    <span class="member-name">
      <Avatar userId={userId} name={username} />
      <bdi safe>{nickname ?? username}</bdi>
      {nickname !== null && (
        <small class="hint">
          <bdi safe>{username}</bdi>
        </small>
      )}
      {isBot && <BotBadge />}
      {isOwner && <span class="badge">owner</span>}
    </span>
  )
}

interface MemberProps {
  server: ServerName
  member: Member
  /** All but `@everyone`, highest first. */
  roles: (Role & { mayManage: boolean })[]
  error?: string
}

/** The roles of one member, to give and to take. */
export function MemberRoles({ server, member, roles, error }: MemberProps) {
  const canSave = roles.some(({ mayManage }) => mayManage)
  return (
    <>
      <RoleStyles serverId={server.id} />
      <p>
        <a href={memberAddress(server)}>All members</a>
      </p>
      <p>
        <a href={`${settingsAddress(server, "permissions/check")}?userId=${member.userId}`}>
          Check permissions
        </a>
      </p>
      <FormErrors state={{ error }} />
      {roles.length === 0 && <p class="empty">This server has no roles yet.</p>}
      <form method="post" action={`${memberAddress(server, member.userId)}/roles`}>
        <fieldset class="plain">
          <legend class="visually-hidden">Roles</legend>
          {roles.map((role) => (
            <RoleBox role={role} isHeld={member.roleIds.includes(role.id)} />
          ))}
        </fieldset>
        {canSave && (
          <p class="actions">
            <button class="primary" type="submit">
              Save roles
            </button>
          </p>
        )}
      </form>
      {roles.some(({ mayManage }) => !mayManage) && (
        <p class="hint">You can give only roles below your highest one.</p>
      )}
    </>
  )
}

/** What may not be changed is not in `shown`, and stays as it is. */
function RoleBox({ role, isHeld }: { role: Role & { mayManage: boolean }; isHeld: boolean }) {
  return (
    <label class="check">
      <input
        type="checkbox"
        name="roles"
        value={escapeHtml(role.id)}
        checked={isHeld}
        disabled={!role.mayManage}
      />
      <RoleName role={role} />
      {role.mayManage && <input type="hidden" name="shown" value={escapeHtml(role.id)} />}
    </label>
  )
}
