import { Refusal } from "../kernel/index.ts"
import type { ChangeSet } from "./change-set.ts"
import type { Message } from "./messages/contract.ts"
import type { Change } from "./messages/store.ts"
import { type Action, denialOf } from "./permissions/can.ts"
import type { Identity } from "./permissions/standing.ts"
import { messageDeleted } from "./permissions/wording.ts"
import type { Services } from "./services.ts"

interface Doing {
  viewer: Identity
  message: Pick<Message, "channelId" | "userId">
  /** Was allowed when the message was found. */
  action: Action
}

/**
 * Changes the log of a message's channel, if the viewer may still do the action in the commit: a right may have been taken,
 * or the channel locked, since the message was found. Costs no query while rights stay as they are. Fails: 403, and with
 * the refusal that `write` returns.
 */
export async function appendAllowed<Result>(
  { senders, publisher }: Pick<Services, "senders" | "publisher">,
  { viewer, message, action }: Doing,
  write: (changes: ChangeSet) => Promise<Result | Refusal>,
): Promise<Result> {
  const { channelId, userId } = message
  const sender = await senders.find(viewer, channelId)
  const result = await publisher.append(channelId, async (changes) => {
    const standing = await sender.inCommit(changes.tx)
    const denial = standing && denialOf({ ...standing, isAuthor: userId === viewer.id }, action)
    return denial ?? write(changes)
  })
  if (result instanceof Refusal) throw result

  return result
}

/** Like `appendAllowed`, for a change of one message, which it returns. `gone`: when `write` returns `undefined`. Default: 410. */
export async function changeAllowed(
  services: Pick<Services, "senders" | "publisher">,
  doing: Doing,
  write: (changes: ChangeSet) => Promise<Change | undefined>,
  gone = { message: messageDeleted, code: 410 },
): Promise<Message> {
  const change = await appendAllowed(services, doing, write)
  if (!change) throw new Refusal(gone.message, gone.code)

  return change.message
}
