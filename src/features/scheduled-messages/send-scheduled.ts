import { Refusal } from "../../kernel/index.ts"
import type { Message } from "../messages/contract.ts"
import type { MessageHooks } from "../messages/hooks.ts"
import { sendMessage } from "../messages/send.ts"
import { isSuspended, suspensionNotice } from "../permissions/suspension.ts"
import { noSuchChannel, waitsForApproval } from "../permissions/wording.ts"
import type { Services } from "../services.ts"
import { claimScheduled, type DueMessage } from "./store.ts"

/** It was cancelled, changed or sent between reading it and the commit. */
export class ChangedMeanwhile extends Refusal {
  constructor() {
    super("This message was changed, cancelled or sent meanwhile", 409)
  }
}

/**
 * Sends a scheduled message with its files as its author would now: with their rights, and all checks and limits. The commit that stores
 * it also marks it as sent, so that neither a crash nor a second node sends it twice. Fails: 403 (suspended), 404 (the
 * channel is gone), 409 (`ChangedMeanwhile`), and as `sendMessage` does.
 */
export async function sendScheduled(services: Services, due: DueMessage): Promise<Message> {
  const { scheduled, serverId, pair, author, fileIds } = due
  const { id, userId, channelId, content, quotedId } = scheduled
  if (isSuspended(author, new Date())) throw new Refusal(suspensionNotice(author), 403)
  if (author.waitingSince) throw new Refusal(waitsForApproval, 403)
  if (serverId === null) throw new Refusal(noSuchChannel, 404)

  const claim: MessageHooks = {
    async beforeCreate({ tx }) {
      if (!(await claimScheduled(tx, scheduled, new Date()))) throw new ChangedMeanwhile()
      return undefined
    },
  }
  const message = await sendMessage(services, {
    room: { serverId, channelId },
    author: { userId, username: author.username, pair },
    input: { id, content, replyTo: quotedId ?? undefined, files: fileIds.length > 0 ? fileIds : undefined },
    // First, so that nothing is stored for a message that is not sent, and its files can be attached.
    hooks: [claim, ...services.messageHooks],
  })
  // Its author sent a message of that id meanwhile: it is stored, and no hook has run.
  await services.commits.decide((tx) => claimScheduled(tx, scheduled, new Date()))
  return message
}
