import { escapeHtml } from "@kitajs/html"
import { Icon } from "./icons.tsx"
import type { PageViewer } from "./layout.tsx"
import { MemberSearch } from "./member-search.tsx"
import { ReasonField } from "./moderation.tsx"
import { cardPath, shownName } from "./people.ts"
import { PresenceDot, type PresenceStatus } from "./presence.tsx"
import { RoleName, RoleStyles } from "./roles.tsx"
import { type ServerName, Shell } from "./shell.tsx"
import { Avatar, BotBadge, DialogLink, FormPanel, type FormState, PanelForm } from "./ui.tsx"

/** Someone in a server, and whether they are here. */
export interface MemberEntry {
  userId: string
  username: string
  /** What they are called in this server. */
  nickname?: string | null
  displayName?: string | null
  avatarUrl?: string | null
  /** What they say that they do, with its emoji. */
  statusText?: string | null
  isOwner: boolean
  isBot: boolean
  status: PresenceStatus
  /** May the viewer remove them from the server? */
  mayRemove?: boolean
  /** The position of their highest role that is listed apart; 0 without one. */
  hoistPosition?: number
}

interface ListProps {
  server: ServerName
  members: MemberEntry[]
  total: number
}

interface PaneProps extends ListProps {
  /** Roles whose members are listed apart, highest first. */
  hoisted?: { id: string; name: string; position: number }[]
  /** The version of the colors of names. */
  stylesVersion?: string
  /** How many are not in the list: of those who are online by the position of their role, and of the others. */
  unlisted?: { online: { hoistPosition: number; count: number }[]; offline: number }
}

/**
 * Who is in the server, beside its rooms, by their status: those who are here by role, and the others at the end.
 * `static/members.js` moves people whose status changes. The colors come with it, so that they change when it does.
 */
export function MembersPane({ server, members, total, hoisted = [], stylesVersion, unlisted }: PaneProps) {
  const groups = groupsOf(members, hoisted, unlisted)
  return (
    <aside id="members" class="members" aria-label="Members">
      <h2>
        Members <span class="count">{total}</span>
      </h2>
      {stylesVersion !== undefined && <RoleStyles serverId={server.id} version={stylesVersion} />}
      {groups.map(({ id, name, role, members, unlisted }) => (
        <section
          aria-labelledby={`members-${id}`}
          data-group={escapeHtml(id)}
          data-unlisted={unlisted > 0 ? String(unlisted) : undefined}
          hidden={members.length + unlisted === 0}
        >
          <h3 id={escapeHtml(`members-${id}`)}>
            {role ? <RoleName role={role} /> : <span safe>{name}</span>}{" "}
            <span class="count">{members.length + unlisted}</span>
          </h3>
          <MemberList server={server} members={members} isPane />
        </section>
      ))}
      {members.some(({ mayRemove }) => mayRemove) && <RemoveTemplate />}
      {total > members.length && (
        <p>
          <a href={`/servers/${server.id}/members`}>All members</a>
        </p>
      )}
    </aside>
  )
}

interface MemberGroup {
  id: string
  name: string
  role?: { id: string; name: string }
  members: ListedMember[]
  /** How many more are in it. */
  unlisted: number
}

/** With the role they are listed by while they are here, and their place in the list of all. */
type ListedMember = MemberEntry & { group?: string; place?: number }

function groupsOf(
  all: MemberEntry[],
  hoisted: NonNullable<PaneProps["hoisted"]>,
  unlisted: PaneProps["unlisted"],
): MemberGroup[] {
  const roleIds = new Map(hoisted.map(({ position, id }) => [position, id]))
  const members = all.map((member, place): ListedMember => {
    return { ...member, place, group: roleIds.get(member.hoistPosition ?? 0) }
  })
  const byGroup = Map.groupBy(members, ({ status, group = "online" }) =>
    status === "offline" ? "offline" : group,
  )
  const inGroup = (id: string) => byGroup.get(id) ?? []
  const unlistedAt = (position: number) =>
    unlisted?.online.find(({ hoistPosition }) => hoistPosition === position)?.count ?? 0
  return [
    ...hoisted
      .filter(({ id, position }) => unlistedAt(position) > 0 || members.some(({ group }) => group === id))
      .map((role) => ({
        id: role.id,
        name: role.name,
        role,
        members: inGroup(role.id),
        unlisted: unlistedAt(role.position),
      })),
    { id: "online", name: "Online", members: inGroup("online"), unlisted: unlistedAt(0) },
    { id: "offline", name: "Offline", members: inGroup("offline"), unlisted: unlisted?.offline ?? 0 },
  ]
}

/** Cloned by `static/member-tools.js` into the member who is hovered or focused: in each, it would be a third of the list. */
function RemoveTemplate() {
  return (
    <template id="remove-member">
      <a href="/remove" data-dialog class="quiet remove">
        <Icon name="close" />
      </a>
    </template>
  )
}

interface MemberListProps {
  server: ServerName
  members: ListedMember[]
  /** Beside a room: a script adds the way to remove somebody. Without one it is on their card. */
  isPane?: boolean
}

function MemberList({ server, members, isPane }: MemberListProps) {
  return (
    <ul>
      {members.map((member) => (
        <li
          class="member"
          data-author={member.userId}
          data-group={member.group}
          data-place={member.place === undefined ? undefined : String(member.place)}
          data-removable={isPane && member.mayRemove ? "" : undefined}
        >
          <Avatar userId={member.userId} name={shownName(member)} picture={member.avatarUrl} />
          <PresenceDot userId={member.userId} status={member.status} />
          <DialogLink href={cardPath(member.userId, server.id)} class="name">
            <ShownName {...member} />
            {Boolean(member.statusText) && (
              <small class="member-status" dir="auto" safe>
                {member.statusText}
              </small>
            )}
          </DialogLink>
          {member.isBot && <BotBadge />}
          {member.isOwner && <span class="badge">owner</span>}
          {member.mayRemove && !isPane && (
            <DialogLink
              href={`/servers/${server.id}/members/${member.userId}/remove`}
              class="quiet remove"
              label={`Remove ${member.username}`}
            >
              <Icon name="close" />
            </DialogLink>
          )}
        </li>
      ))}
    </ul>
  )
}

/** With the username where they are called something else. */
function ShownName(member: MemberEntry) {
  const name = shownName(member)
  return (
    <bdi title={name === member.username ? undefined : escapeHtml(`@${member.username}`)} safe>
      {name}
    </bdi>
  )
}

/** The members on a page of their own, or those who were searched for. */
export function MembersPage({
  viewer,
  servers,
  query,
  ...props
}: ListProps & { viewer: PageViewer; servers: ServerName[]; query: string }) {
  const { server, members, total } = props
  return (
    <Shell
      title={`Members of ${server.name}`}
      viewer={viewer}
      servers={servers}
      currentServerId={server.id}
      bodyClass="home"
    >
      <main id="main" class="page">
        <h1>
          Members of <bdi safe>{server.name}</bdi>
        </h1>
        <MemberSearch
          action={`/servers/${server.id}/members`}
          query={query}
          shown={members.length}
          total={total}
        />
        <MemberList server={server} members={members} />
        <p>
          <a href={`/servers/${server.id}`}>Back to server</a>
        </p>
      </main>
    </Shell>
  )
}

interface RemoveProps {
  server: ServerName
  member: Pick<MemberEntry, "userId" | "username">
  state: FormState
}

/** Removing someone from a server. */
export function RemoveMemberPanel({ server, member, state }: RemoveProps) {
  return (
    <FormPanel title="Remove member">
      <p>
        <bdi safe>{member.username}</bdi> will be removed from <bdi safe>{server.name}</bdi>. They need an
        invite to join again.
      </p>
      <PanelForm
        action={`/servers/${server.id}/members/${member.userId}/remove`}
        state={state}
        submit="Remove member"
        danger
      >
        <ReasonField state={state} />
      </PanelForm>
      <p class="aside">
        <DialogLink href={`/servers/${server.id}/members/${member.userId}/ban`}>Ban instead</DialogLink>{" "}
        <DialogLink href={`/servers/${server.id}/members/${member.userId}/moderate`}>More actions</DialogLink>
      </p>
    </FormPanel>
  )
}
