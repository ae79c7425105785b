import type { SavedMessage } from "../src/features/saved/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { ListedMessage } from "./listed.tsx"
import { PanelLink } from "./ui.tsx"

interface Props {
  saved: SavedMessage[]
  clock: Clock
  /** The last one's id, where there are more. */
  older?: string
  /** Not in the dialog: what it links to is a page, too. */
  isInPage: boolean
}

/** What someone keeps for themselves: the content of a panel or a page. */
export function SavedMessages({ saved, clock, older, isInPage }: Props) {
  return (
    <>
      {saved.length === 0 && (
        <p class="hint">
          No saved messages. To save one, open “More” beside a message. Only you can see your saved messages.
        </p>
      )}
      <ul class="listed-messages">
        {saved.map(({ message, serverName, channelName }) => (
          <ListedMessage message={message} clock={clock} where={`#${channelName}, ${serverName}`}>
            <Unsave id={message.id} />
          </ListedMessage>
        ))}
      </ul>
      {older !== undefined && (
        <PanelLink class="pager" href={`/saved?before=${encodeURIComponent(older)}`} isInPage={isInPage}>
          Older
        </PanelLink>
      )}
    </>
  )
}

function Unsave({ id }: { id: string }) {
  const action = `/messages/${id}/unsave?from=saved`
  return (
    <form method="post" action={action} hx-post={action} hx-target="#dialog-body" hx-swap="innerHTML">
      <button class="quiet" type="submit">
        Remove
      </button>
    </form>
  )
}
