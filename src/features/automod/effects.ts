import { recordAct } from "../audit-log/store.ts"
import type { ChangeSet } from "../change-set.ts"
import type { Attempt } from "../messages/hooks.ts"
import { appendSystemMessage } from "../messages/system.ts"
import { moderationDuty } from "../moderation/duty.ts"
import { resource } from "../permissions/resources.ts"
import type { Services } from "../services.ts"
import type { AutomodRule } from "./contract.ts"
import { countChannelsAmong, extendTimeout } from "./store.ts"

/** A rule that a message met, and the matching part. */
export interface Hit {
  rule: AutomodRule
  matched: string
}

/** The actor of what rules do, in the audit log. */
const automod = { id: "automod", username: "Automod" }

/** The longest part of a message that an alert quotes. */
const maxQuoted = 1000

/** Does what the rules say besides blocking: alerts, timeouts, and an entry in the audit log for each. */
export async function applyHits(
  { publisher, server, workers }: Pick<Services, "publisher" | "server" | "workers">,
  hits: readonly Hit[],
  attempt: Attempt,
): Promise<void> {
  const { serverId, userId } = attempt
  const isTimedOut = await publisher.decide(async (changes) => {
    let isTimedOut = false
    for (const hit of hits) {
      await alert(changes, hit, attempt)
      const timeOut = hit.rule.actions.find((action) => action.kind === "timeOut")
      if (timeOut?.kind === "timeOut") {
        const until = new Date(Date.now() + timeOut.seconds * 1000)
        isTimedOut = (await extendTimeout(changes.tx, { serverId, userId }, until)) || isTimedOut
      }
      await record(changes, hit, attempt)
    }
    return isTimedOut
  })
  if (isTimedOut) workers.get(moderationDuty).ask()
  const changed = [resource.auditLog(serverId), ...(isTimedOut ? [resource.members(serverId)] : [])]
  await server.updateResources(changed)
}

function record({ tx }: ChangeSet, { rule, matched }: Hit, attempt: Attempt): Promise<void> {
  const { serverId, channelId, userId, username } = attempt
  return recordAct(tx, {
    serverId,
    actor: automod,
    action: "automod.act",
    target: { id: userId, name: username },
    changes: {
      rule: { after: rule.name },
      matched: { after: matched },
      channelId: { after: channelId },
      actions: { after: rule.actions.map(({ kind }) => kind) },
    },
  })
}

async function alert(changes: ChangeSet, { rule, matched }: Hit, attempt: Attempt): Promise<void> {
  const action = rule.actions.find(({ kind }) => kind === "alert")
  if (action?.kind !== "alert") return
  // It may have been deleted since the rule was made.
  if ((await countChannelsAmong(changes.tx, attempt.serverId, [action.channelId])) === 0) return

  const { serverId, userId, username, content } = attempt
  const isBlocked = rule.actions.some(({ kind }) => kind === "block")
  const quoted = content.length > maxQuoted ? `${content.slice(0, maxQuoted).toWellFormed()}…` : content
  const lines = [
    `**${isBlocked ? "Blocked a message" : "Noticed a message"}** by @${username} · rule “${rule.name}” · matched “${matched}”`,
    ...(quoted ? quoted.split("\n").map((line) => `> ${line}`) : []),
  ]
  await appendSystemMessage(changes, {
    room: { serverId, channelId: action.channelId },
    name: automod.username,
    content: lines.join("\n").slice(0, 2000).toWellFormed(),
    mentions: [{ userId, username }],
  })
}
