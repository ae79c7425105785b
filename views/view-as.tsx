import { escapeHtml } from "@kitajs/html"
import type { PermissionCheck, ServerView } from "../src/features/permission-checks/contract.ts"
import { addressOf, type CheckChoices, ChooseForm, SubjectName, sentenceOf } from "./permission-checks.tsx"
import type { ServerName } from "./shell.tsx"

interface ViewAsProps extends CheckChoices {
  seen?: ServerView
  /** Of the chosen channel. */
  room?: PermissionCheck
}

/** The server as a member or a role sees it: which channels, and which parts of a room's page. Nothing can be done here. */
export function ViewAsPage({ seen, room, ...choices }: ViewAsProps) {
  const visible = seen?.channels.filter(({ permissions, isArchived }) => permissions !== "0" && !isArchived)
  const hidden = seen?.channels.filter(({ permissions }) => permissions === "0")
  return (
    <>
      <p class="hint">Shows what others see. Channels that you cannot view yourself are not listed.</p>
      <ChooseForm {...choices} section="permissions/view-as" submit="View" check={room} seen={seen} />
      {seen !== undefined && visible !== undefined && hidden !== undefined && (
        <section class="view-as" aria-label="Preview">
          <nav aria-label="Channels they see">
            <h2>
              Seen by <SubjectName subject={seen.subject} />
            </h2>
            {visible.length === 0 && <p class="empty">No channels.</p>}
            <ul>
              {visible.map(({ id, name }) => (
                <li>
                  <a
                    href={escapeHtml(addressOf(choices.server, "permissions/view-as", seen.subject, id))}
                    aria-current={id === room?.channel?.id ? "true" : undefined}
                  >
                    # <bdi safe>{name}</bdi>
                  </a>
                </li>
              ))}
            </ul>
            {hidden.length > 0 && (
              <>
                <h2>Hidden from them</h2>
                <ul>
                  {hidden.map(({ name }) => (
                    <li>
                      # <bdi safe>{name}</bdi>
                    </li>
                  ))}
                </ul>
              </>
            )}
          </nav>
          {room?.channel !== undefined && <RoomAs room={room} server={choices.server} />}
        </section>
      )}
    </>
  )
}

/** What the page of a room offers, by the permission that it needs. */
const tools = [
  ["addReactions", "React to messages"],
  ["createThreads", "Start threads"],
  ["attachFiles", "Attach files"],
  ["sendPolls", "Start polls"],
  ["mentionEveryone", "Mention everyone"],
  ["pinMessages", "Pin messages"],
  ["manageMessages", "Delete messages of others"],
  ["manageThreads", "Manage threads"],
  ["manageChannels", "Edit the channel"],
  ["manageWebhooks", "Manage webhooks"],
  ["createInvite", "Invite people"],
] as const

function RoomAs({ room, server }: { room: PermissionCheck; server: ServerName }) {
  const granted = new Set(
    room.permissions.filter(({ isGranted }) => isGranted).map(({ permission }) => permission),
  )
  const sending = room.permissions.find(({ permission }) => permission === "sendMessages")
  const reason = sending?.steps.at(-1)
  const offered = tools.filter(([permission]) => granted.has(permission))
  const isSeen = granted.has("viewChannel")
  return (
    <section class="room-as">
      <h2>
        # <bdi safe>{room.channel?.name ?? ""}</bdi>
      </h2>
      {!isSeen && <p class="empty">They do not see this channel.</p>}
      {isSeen && !granted.has("readHistory") && <p>They see only messages sent while they are here.</p>}
      {isSeen && (
        <>
          <h3>Tools</h3>
          {offered.length === 0 && <p class="empty">None</p>}
          <ul>
            {offered.map(([, title]) => (
              <li>{title}</li>
            ))}
          </ul>
          <h3>Message box</h3>
          {sending?.isGranted ? (
            <p>They can write here.</p>
          ) : (
            <p>
              They cannot write here: <span>{reason ? sentenceOf(reason) : ""}</span>
            </p>
          )}
        </>
      )}
      <p>
        <a href={escapeHtml(addressOf(server, "permissions/check", room.subject, room.channel?.id))}>
          Why they can and cannot
        </a>
      </p>
    </section>
  )
}
