import { Icon } from "./icons.tsx"
import type { PageViewer } from "./layout.tsx"
import { PresenceDot, type PresenceStatus } from "./presence.tsx"
import { type ServerName, Shell } from "./shell.tsx"
import { Avatar, BotBadge, DialogLink, FormPanel, type FormState, PanelForm } from "./ui.tsx"

/** Someone in a server, and whether they are here. */
export interface MemberEntry {
  userId: string
  username: string
  isOwner: boolean
  isBot: boolean
  status: PresenceStatus
  /** May the viewer remove them from the server? */
  mayRemove?: boolean
}

interface ListProps {
  server: ServerName
  members: MemberEntry[]
  total: number
}

/** Who is in the server, beside its rooms. */
export function MembersPane(props: ListProps) {
  const { server, members, total } = props
  return (
    <aside id="members" class="members" aria-label="Members">
      <h2>
        Members <span class="count">{total}</span>
      </h2>
      <MemberList server={server} members={members} />
      {total > members.length && (
        <p>
          <a href={`/servers/${server.id}/members`}>All members</a>
        </p>
      )}
    </aside>
  )
}

function MemberList({ server, members }: Pick<ListProps, "server" | "members">) {
  return (
    <ul>
      {members.map((member) => (
        <li class="member">
          <Avatar userId={member.userId} name={member.username} />
          <PresenceDot userId={member.userId} status={member.status} />
          <DialogLink href={`/people/${member.userId}`} class="name">
            <bdi title={member.username} safe>
              {member.username}
            </bdi>
          </DialogLink>
          {member.isBot && <BotBadge />}
          {member.isOwner && <span class="badge">owner</span>}
          {member.mayRemove && (
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

/** The members on a page of their own. */
export function MembersPage({
  viewer,
  servers,
  ...props
}: ListProps & { viewer: PageViewer; servers: ServerName[] }) {
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
          Members of <bdi safe>{server.name}</bdi> <span class="count">{total}</span>
        </h1>
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
      />
      <p class="aside">
        <DialogLink href={`/servers/${server.id}/members/${member.userId}/ban`}>Ban instead</DialogLink>
      </p>
    </FormPanel>
  )
}
