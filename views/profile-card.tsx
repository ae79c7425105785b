import { maxNoteLength, type Profile } from "../src/features/profiles/contract.ts"
import type { Role } from "../src/features/roles/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { TextArea } from "./fields.tsx"
import { cardPath, shownName } from "./people.ts"
import { statusNames } from "./presence.tsx"
import { RoleName, RoleStyles } from "./roles.tsx"
import { Time } from "./times.tsx"
import { Avatar, BotBadge, DialogLink, FormErrors, FormPanel, type FormState } from "./ui.tsx"

interface Props {
  profile: Profile
  /** The server from which it was opened, where both are members. */
  server?: { id: string; name: string }
  /** Their roles there, highest first. */
  roles: Pick<Role, "id" | "name">[]
  isViewer: boolean
  isBlocked: boolean
  mayModerate: boolean
  note: FormState
  noteSaved?: boolean
  error?: string
  clock: Clock
}

const toDialog = { "hx-target": "#dialog-body", "hx-swap": "innerHTML" }

/** Somebody, and what one can do about them. */
export function ProfileCard(props: Props) {
  const { profile, server, isViewer, isBlocked, error } = props
  return (
    <FormPanel title={shownName(profile)}>
      <FormErrors state={{ error }} />
      {server !== undefined && <RoleStyles serverId={server.id} />}
      <div class="card">
        <Head profile={profile} clock={props.clock} />
        {profile.bio !== "" && (
          <p class="card-bio" dir="auto" safe>
            {profile.bio}
          </p>
        )}
        <Facts {...props} />
        {isViewer ? (
          <>
            <p>
              This is you. <a href="/account/profile">Edit profile</a> or see your{" "}
              <a href="/account">account</a>.
            </p>
            {server !== undefined && (
              <p>
                <DialogLink href={`/servers/${server.id}/members/${profile.userId}/nickname`}>
                  Change nickname
                </DialogLink>
              </p>
            )}
          </>
        ) : (
          <>
            {isBlocked && (
              <p>
                You have blocked this person. They cannot message you, and their messages elsewhere are
                collapsed.
              </p>
            )}
            <Actions {...props} />
            <Note {...props} />
          </>
        )}
      </div>
    </FormPanel>
  )
}

function Head({ profile, clock }: Pick<Props, "profile" | "clock">) {
  const { userId, username, avatarUrl, pronouns, status, presence, isBot } = profile
  return (
    <div class="card-head">
      <Avatar userId={userId} name={shownName(profile)} picture={avatarUrl} isLarge />
      <div>
        <p class="card-username">
          <bdi safe>{`@${username}`}</bdi>
          {isBot && <BotBadge />}
        </p>
        {pronouns !== "" && (
          <p class="hint" dir="auto" safe>
            {pronouns}
          </p>
        )}
        <p class="hint card-presence" data-status={presence} safe>
          {statusNames[presence]}
        </p>
        {status !== null && (
          <p class="card-status" dir="auto">
            {status.emoji !== "" && <span safe>{`${status.emoji} `}</span>}
            <span safe>{status.text}</span>
            {status.expiresAt !== null && (
              <small class="hint">
                {" "}
                until <Time at={status.expiresAt} clock={clock} />
              </small>
            )}
          </p>
        )}
      </div>
    </div>
  )
}

function Facts({ profile, server, roles, isViewer, clock }: Props) {
  const { member, mutualServers, nickname } = profile
  return (
    <dl class="card-facts">
      {nickname !== null && server !== undefined && (
        <>
          <dt>Nickname here</dt>
          <dd>
            <bdi safe>{nickname}</bdi>
          </dd>
        </>
      )}
      {member !== null && (
        <>
          <dt>Joined</dt>
          <dd>
            <Time at={member.joinedAt} clock={clock} />
          </dd>
        </>
      )}
      {roles.length > 0 && (
        <>
          <dt>Roles</dt>
          <dd class="role-names">
            {roles.map((role) => (
              <RoleName role={role} />
            ))}
          </dd>
        </>
      )}
      {!isViewer && mutualServers.length > 0 && (
        <>
          <dt>Mutual servers</dt>
          <dd>
            <ul class="card-servers">
              {mutualServers.map(({ id, name }) => (
                <li>
                  <a href={`/servers/${id}`}>
                    <bdi safe>{name}</bdi>
                  </a>
                </li>
              ))}
            </ul>
          </dd>
        </>
      )}
    </dl>
  )
}

function Actions({ profile, server, isBlocked, mayModerate }: Props) {
  const { userId, isBot } = profile
  const change = `/people/${userId}/${isBlocked ? "unblock" : "block"}`
  return (
    <>
      <div class="actions">
        {!isBlocked && !isBot && (
          <form method="post" action="/conversations" hx-post="/conversations" {...toDialog}>
            <input type="hidden" name="with" value={userId} />
            <button type="submit" class="primary">
              Message
            </button>
          </form>
        )}
        <form method="post" action={change} hx-post={change} {...toDialog}>
          <button type="submit" class={isBlocked ? "" : "quiet danger-link"}>
            {isBlocked ? "Unblock" : "Block"}
          </button>
        </form>
        {mayModerate && server !== undefined && (
          <DialogLink href={`/servers/${server.id}/members/${userId}/moderate`} class="button quiet">
            Moderate
          </DialogLink>
        )}
      </div>
      {!isBlocked && (
        <p class="hint">
          People you block cannot message you and are not notified. Their messages elsewhere are collapsed.
        </p>
      )}
    </>
  )
}

function Note({ profile, server, note, noteSaved = false }: Props) {
  const action = cardPath(profile.userId, server?.id).replace(/(\?|$)/, "/note$1")
  return (
    <form method="post" action={action} hx-post={action} {...toDialog}>
      {noteSaved && <p role="status">Note saved.</p>}
      <TextArea
        name="note"
        label="Note"
        hint={`Only you see it. Up to ${maxNoteLength} characters`}
        state={note}
        maxlength={maxNoteLength}
      />
      <p class="actions">
        <button type="submit">Save note</button>
      </p>
    </form>
  )
}
