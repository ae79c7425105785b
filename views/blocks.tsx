import type { Person } from "../src/features/conversations/contract.ts"
import { Avatar, FormErrors, FormPanel } from "./ui.tsx"

interface PersonProps {
  person: Person
  isViewer: boolean
  isBlocked: boolean
  error?: string
}

/** Someone, and what one can do about them. */
export function PersonPanel({ person, isViewer, isBlocked, error }: PersonProps) {
  const address = `/people/${person.userId}`
  const toDialog = { "hx-target": "#dialog-body", "hx-swap": "innerHTML" }
  const change = `${address}/${isBlocked ? "unblock" : "block"}`
  return (
    <FormPanel title={person.username}>
      <FormErrors state={{ error }} />
      {isViewer ? (
        <p>
          This is you. See your <a href="/account">account</a>.
        </p>
      ) : (
        <>
          {isBlocked && (
            <p>
              You have blocked this person. They cannot message you, and their messages elsewhere are
              collapsed.
            </p>
          )}
          <div class="actions">
            {!isBlocked && (
              <form method="post" action="/conversations" hx-post="/conversations" {...toDialog}>
                <input type="hidden" name="with" value={person.userId} />
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
          </div>
          {!isBlocked && (
            <p class="hint">
              People you block cannot message you and are not notified. Their messages elsewhere are
              collapsed.
            </p>
          )}
        </>
      )}
    </FormPanel>
  )
}

/** Whom one has blocked. */
export function BlockedPanel({ people }: { people: Person[] }) {
  return (
    <FormPanel title="Blocked people">
      {people.length === 0 && <p class="empty">No blocked people.</p>}
      <ul class="blocked">
        {people.map(({ userId, username }) => (
          <li>
            <Avatar userId={userId} name={username} />
            <bdi class="name" safe>
              {username}
            </bdi>
            <form
              method="post"
              action={`/people/${userId}/unblock?from=list`}
              hx-post={`/people/${userId}/unblock?from=list`}
              hx-target="#dialog-body"
              hx-swap="innerHTML"
            >
              <button type="submit" aria-label={`Unblock ${username}`}>
                Unblock
              </button>
            </form>
          </li>
        ))}
      </ul>
    </FormPanel>
  )
}
