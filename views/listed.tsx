import type { Children } from "@kitajs/html"
import type { Message } from "../src/features/messages/contract.ts"
import { summaryOf } from "../src/features/messages/render.ts"
import type { Clock } from "../src/web/clock.ts"
import { shownName } from "./people.ts"
import { Time } from "./times.tsx"
import { Avatar } from "./ui.tsx"

interface Props {
  message: Message
  clock: Clock
  /** Where it was said, where that is not plain. */
  where?: string
  /** What can be done with it here. */
  children?: Children
}

/** A message in a list of some from here and there: whose, when, how it begins, and the way to it. */
export function ListedMessage({ message, clock, where, children }: Props) {
  const { id, userId, extras } = message
  const name = extras?.bot?.name ?? shownName(message)
  return (
    <li class="listed">
      <Avatar userId={userId} name={name} picture={extras?.bot ? undefined : message.avatarUrl} />
      <a href={`/messages/${id}`}>
        <span class="listed-head">
          <b>
            <bdi safe>{name}</bdi>
          </b>{" "}
          {where !== undefined && (
            <span class="hint">
              in <bdi safe>{where}</bdi>{" "}
            </span>
          )}
          <Time at={message.createdAt} clock={clock} />
        </span>
        <span class="listed-text" dir="auto" safe>
          {summaryOf(message)}
        </span>
      </a>
      {children as "safe"}
    </li>
  )
}
