import type { Db } from "../../db/database.ts"
import type { Clocks } from "../../web/clocks.ts"
import { keywordsIn } from "../keywords/words.ts"
import { everyone } from "../mentions/store.ts"
import { isOfSystem } from "../messages/system.ts"
import { nameCandidates } from "../messages/text/names.ts"
import { listFacts, type PersonFacts } from "../notification-levels/facts.ts"
import {
  isToldOf,
  levelsIn,
  type NoticeReason,
  type NotifiedPlace,
  noticeReasons,
} from "../notification-levels/levels.ts"
import { isQuiet } from "../notification-levels/quiet-hours.ts"
import { listViewers } from "../permissions/restricted.ts"
import {
  listHoldersWithDevices,
  listKeywordOwners,
  type listListeners,
  listWithDevices,
} from "./candidates.ts"
import type { Notice } from "./notices.ts"
import { findTextBefore, type LogChange, type NotifiedLog } from "./reading-logs.ts"

const hourMs = 3_600_000
/** Older messages, from an import or a long outage, have no notifications. */
export const maxAgeMs = 72 * hourMs
/** Older messages are not pushed to devices; an older edit has no new mentions. */
const maxPushAgeMs = hourMs

/** For one message, the reasons for each person. */
type Candidates = Map<string, Set<NoticeReason>>

/** A change with its possible recipients. */
interface Named {
  change: LogChange
  candidates: Candidates
}

/** Users who are notified of every message. */
type Listeners = Awaited<ReturnType<typeof listListeners>>

/** Finds the possible recipients of changes of a log, before permissions, blocks and levels are checked. Costs at most six statements for
 * all of them together, and one for each edited message.
 */
export async function findCandidates(
  db: Db,
  log: NotifiedLog,
  { changes, listeners, now }: { changes: LogChange[]; listeners: Listeners; now: Date },
): Promise<Named[]> {
  const recent = changes.filter(
    ({ userId, createdAt, editedAt }) =>
      !isOfSystem(userId) && now.getTime() - (editedAt ?? createdAt).getTime() < maxAgeMs,
  )
  const [added, edited] = [recent.filter(isNewIn(log)), recent.filter((change) => !isNewIn(log)(change))]
  const named: Named[] = added.map((change) => ({ change, candidates: namedIn(change) }))
  for (const { candidates } of named)
    for (const { userId, reason } of listeners) add(candidates, userId, reason)
  if (log.hasKeywords) await addKeywords(db, named)
  await addMany(db, named)
  for (const change of edited) named.push({ change, candidates: await newlyNamed(db, log, change, now) })
  for (const { change, candidates } of named) candidates.delete(change.userId)
  return named.filter(({ candidates }) => candidates.size > 0)
}

const isNewIn =
  ({ cursor }: NotifiedLog) =>
  ({ position }: LogChange) =>
    position > cursor

/** Users whom a message mentions or replies to. */
function namedIn({ extras }: LogChange): Candidates {
  const candidates: Candidates = new Map()
  for (const { userId } of extras?.mentions ?? []) if (userId !== everyone) add(candidates, userId, "mention")
  const quoted = extras?.replyTo?.userId
  if (quoted) add(candidates, quoted, "reply")
  return candidates
}

function add(candidates: Candidates, userId: string, reason: NoticeReason): void {
  const known = candidates.get(userId)
  if (known) known.add(reason)
  else candidates.set(userId, new Set([reason]))
}

async function addKeywords(db: Db, named: Named[]): Promise<void> {
  const texts = named.map((one) => ({ ...one, words: keywordsIn(one.change.content) }))
  const all = new Set(texts.flatMap(({ words }) => [...words]))
  if (all.size === 0) return

  for (const { userId, word } of await listKeywordOwners(db, all)) {
    for (const { candidates, words } of texts) if (words.has(word)) add(candidates, userId, "keyword")
  }
}

/** Users who are mentioned by a role or @everyone and have a device. */
async function addMany(db: Db, named: Named[]): Promise<void> {
  const toAll = named.filter(({ change }) =>
    change.extras?.mentions?.some(({ userId }) => userId === everyone),
  )
  if (toAll.length > 0) {
    const userIds = await listWithDevices(db)
    for (const { candidates } of toAll) for (const userId of userIds) add(candidates, userId, "everyone")
  }
  const rolesOf = ({ change }: Named) => change.extras?.roles?.map(({ roleId }) => roleId) ?? []
  const roleIds = new Set(named.flatMap(rolesOf))
  if (roleIds.size === 0) return

  const holders = await listHoldersWithDevices(db, roleIds)
  for (const one of named) {
    const mentioned = new Set(rolesOf(one))
    for (const { userId, roleId } of holders) if (mentioned.has(roleId)) add(one.candidates, userId, "role")
  }
}

/** Users whom a recent edit newly mentions. */
async function newlyNamed(db: Db, log: NotifiedLog, change: LogChange, now: Date): Promise<Candidates> {
  const { editedAt, extras } = change
  const mentioned = (extras?.mentions ?? []).filter(({ userId }) => userId !== everyone)
  const isRecent = editedAt !== null && now.getTime() - editedAt.getTime() < maxPushAgeMs
  if (!isRecent || mentioned.length === 0) return new Map()

  const before = namesIn((await findTextBefore(db, change.id, log.cursor)) ?? "")
  return new Map(
    mentioned
      .filter(({ username }) => !before.has(username.toLowerCase()))
      .map(({ userId }) => [userId, new Set<NoticeReason>(["mention"])]),
  )
}

/** The names behind an `@` in a text, in lower case. */
function namesIn(text: string): Set<string> {
  const written = text.match(/@[\w.-]{1,64}/g) ?? []
  return new Set(written.flatMap(nameCandidates).map((name) => name.slice(1).toLowerCase()))
}

/**
 * The notices of changes, as rights, blocks, levels, quiet hours and mutes are at this moment. Call it in the commit that
 * stores them.
 */
export async function decideNotices(
  db: Db,
  { clocks, place, named, now }: { clocks: Clocks; place: NotifiedPlace; named: Named[]; now: Date },
): Promise<Notice[]> {
  const asked = [...new Set(named.flatMap(({ candidates }) => [...candidates.keys()]))]
  const viewers = await listViewers(db, place.rootId ?? place.channelId, asked)
  if (viewers.size === 0) return []

  const authorIds = [...new Set(named.map(({ change }) => change.userId))]
  const facts = await listFacts(db, { userIds: [...viewers], authorIds, place, now })
  const people = new Map(
    facts.map((person) => [person.userId, { person, ...tellableNow(person, { clocks, place, now }) }]),
  )
  return named.flatMap(({ change, candidates }) => {
    const { content: _, extras: __, editedAt, ...message } = change
    const isFresh = now.getTime() - (editedAt ?? change.createdAt).getTime() < maxPushAgeMs
    return [...candidates].flatMap(([userId, given]): Notice[] => {
      const known = people.get(userId)
      if (!known || known.person.blocked.has(change.userId)) return []
      const reason = noticeReasons.find((one) => given.has(one) && isToldOf(one, known.levels))
      return reason ? [{ userId, reason, message, isPushed: known.isPushable && isFresh }] : []
    })
  })
}

function tellableNow(
  person: PersonFacts,
  { clocks, place, now }: { clocks: Clocks; place: NotifiedPlace; now: Date },
) {
  const levels = levelsIn(place, (id) => person.choices.get(id), now)
  const isAvailable = person.presence !== "doNotDisturb" && !isQuiet(person, now, clocks.in(person.zone))
  return { levels, isPushable: !levels.isMuted && isAvailable }
}
