import type { Person } from "../src/features/conversations/contract.ts"
import { Avatar, FormPanel } from "./ui.tsx"

/** The people whom the viewer has blocked. */
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
