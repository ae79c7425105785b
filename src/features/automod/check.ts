import { Refusal } from "../../kernel/index.ts"
import { findInvite } from "../invites/store.ts"
import { invitesIn } from "../matching/links.ts"
import { normalize } from "../matching/normalize.ts"
import { resolveNames } from "../mentions/resolve.ts"
import type { Attempt } from "../messages/hooks.ts"
import { plainText } from "../messages/render.ts"
import { can } from "../permissions/can.ts"
import { holdsAny } from "../permissions/holders.ts"
import { findChannelAccess } from "../permissions/store.ts"
import type { Services } from "../services.ts"
import { findParentChannel } from "../threads/store.ts"
import { type AutomodHit, type AutomodRule, defaultBlockMessage } from "./contract.ts"
import { applyHits, type Hit } from "./effects.ts"
import { repeatLimit } from "./limits.ts"
import type { CompiledRule } from "./rules.ts"

type Needs = Pick<Services, "db" | "limits" | "publisher" | "server" | "config" | "workers">

/** Checks a message by the rules of its server. Throws the sentence of the first rule that blocks it. */
export async function checkByRules(
  services: Needs,
  rules: readonly CompiledRule[],
  attempt: Attempt,
): Promise<void> {
  const texts = textsOf(attempt)
  const hits: Hit[] = []
  for (const compiled of rules) {
    const matched = await matchedBy(services, compiled, attempt, texts)
    if (matched !== undefined) hits.push({ rule: compiled.rule, matched })
  }
  const applied = hits.length > 0 ? await withoutExempt(services, hits, attempt) : []
  if (applied.length === 0) return

  await applyHits(services, applied, attempt)
  const blocking = applied.flatMap(({ rule }) => rule.actions).find(({ kind }) => kind === "block")
  if (blocking?.kind === "block") throw new Refusal(blocking.message || defaultBlockMessage, 403)
}

/** The rules that a text meets, as far as they depend on the text alone. */
export async function hitsOf(
  services: Pick<Services, "db" | "config">,
  rules: readonly CompiledRule[],
  { serverId, text }: { serverId: string; text: string },
): Promise<AutomodHit[]> {
  const texts = [...new Set([text, plainText(text)])]
  const hits: AutomodHit[] = []
  for (const { rule, findIn } of rules) {
    const matched =
      rule.trigger.kind === "invites"
        ? await findElsewhere(services, serverId, texts)
        : firstOf(texts, findIn)
    if (matched !== undefined) hits.push({ ruleId: rule.id, name: rule.name, matched })
  }
  return hits
}

/** The text as it is written and as it is read: markup inside a word hides it from neither. And those of a poll. */
function textsOf({ content, input }: Attempt): string[] {
  const poll = input?.poll ? [input.poll.question, ...input.poll.answers] : []
  return [...new Set([content, plainText(content), ...poll])].filter((text) => text !== "")
}

async function matchedBy(
  services: Needs,
  { rule, findIn }: CompiledRule,
  attempt: Attempt,
  texts: readonly string[],
): Promise<string | undefined> {
  const { trigger } = rule
  const { db, limits } = services
  const { serverId, channelId, userId, content } = attempt
  if (trigger.kind === "invites") return findElsewhere(services, serverId, texts)
  if (trigger.kind === "mentions") {
    // Without so many there is nothing to look up.
    if (content.split("@").length - 1 <= trigger.limit) return undefined
    const named = await resolveNames(db, { serverId, channelId, userId }, content)
    const count = (named?.mentions?.length ?? 0) + (named?.roles?.length ?? 0)
    return count > trigger.limit ? `${count} mentions` : undefined
  }
  if (trigger.kind === "repeats") {
    const same = normalize(content).trim()
    if (same === "") return undefined
    const key = `${serverId} ${userId} ${Bun.hash(same).toString(36)}`
    const waitSeconds = await limits.get(repeatLimit(trigger.count)).take(key)
    return waitSeconds > 0 ? `the same text ${trigger.count} times` : undefined
  }
  return firstOf(texts, findIn)
}

function firstOf(texts: readonly string[], findIn: (text: string) => string | undefined): string | undefined {
  for (const text of texts) {
    const found = findIn(text)
    if (found !== undefined) return found
  }
  return undefined
}

/** An invite that does not lead to this server. */
async function findElsewhere(
  { db, config }: Pick<Services, "db" | "config">,
  serverId: string,
  texts: readonly string[],
): Promise<string | undefined> {
  const ownHost = config.publicOrigin ? new URL(config.publicOrigin).hostname : undefined
  for (const text of texts) {
    const { isDiscord, links } = invitesIn(text)
    if (isDiscord) return "an invite to Discord"

    for (const { host, code } of links) {
      // Without an own address, a code that is known here is taken for one of ours.
      const mayBeOwn = ownHost === undefined || host === ownHost
      const invite = mayBeOwn ? await findInvite(db, code) : undefined
      if (invite?.serverId !== serverId) return `an invite at ${host}`
    }
  }
  return undefined
}

/** The hits that count for this author in this channel. Only asked after a hit, so that it costs other messages nothing. */
async function withoutExempt(
  { db }: Pick<Services, "db">,
  hits: readonly Hit[],
  { serverId, channelId, userId }: Attempt,
): Promise<Hit[]> {
  // Accounts of webhooks are not members, and nothing exempts them but the channel.
  const access = await findChannelAccess(db, { id: userId }, channelId)
  if (access && can(access.standing, "manageServer")) return []

  const rootId = access?.channel.parentId ? await findParentChannel(db, channelId) : undefined
  const counted: Hit[] = []
  for (const hit of hits) {
    const isExempt = isExemptChannel(hit.rule, channelId) || (rootId && isExemptChannel(hit.rule, rootId))
    if (!isExempt && !(await holdsAny(db, { serverId, userId }, hit.rule.exemptRoleIds))) counted.push(hit)
  }
  return counted
}

function isExemptChannel({ exemptChannelIds }: AutomodRule, channelId: string): boolean {
  return exemptChannelIds.includes(channelId)
}
