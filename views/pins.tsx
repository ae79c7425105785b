import type { Message } from "../src/features/messages/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { ListedMessage } from "./listed.tsx"
import { FormPanel } from "./ui.tsx"

interface PanelProps {
  messages: Message[]
  mayUnpin: boolean
  clock: Clock
}

/** A channel's pinned messages. */
export function PinsPanel({ messages, mayUnpin, clock }: PanelProps) {
  return (
    <FormPanel title="Pinned messages">
      {messages.length === 0 && (
        <p class="hint">No pinned messages. {mayUnpin && "To pin one, open “More” beside a message."}</p>
      )}
      <ul class="listed-messages">
        {messages.map((message) => (
          <ListedMessage message={message} clock={clock}>
            {mayUnpin && <Unpin id={message.id} />}
          </ListedMessage>
        ))}
      </ul>
    </FormPanel>
  )
}

function Unpin({ id }: { id: string }) {
  const action = `/messages/${id}/unpin`
  return (
    <form method="post" action={action} hx-post={action} hx-target="#dialog-body" hx-swap="innerHTML">
      <button class="quiet" type="submit">
        Unpin
      </button>
    </form>
  )
}
