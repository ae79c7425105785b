import type { Db } from "../../db/database.ts"
import { Clock, utc } from "../../web/clock.ts"
import type { LevelsByPlace } from "../../web/live/frames.ts"
import { findQuietFacts, type QuietFacts } from "./facts.ts"
import { account, type LevelChoice, type Levels, levelsIn, type NotifiedPlace, nowhere } from "./levels.ts"
import { nextQuiet } from "./quiet-hours.ts"
import { listChoices, listChosenPlaces } from "./store.ts"

const dayMs = 86_400_000

/** The notification levels of a user, for all places. */
export interface LevelsOf {
  /** The effective levels of a place. */
  in(place: NotifiedPlace): Levels
  choiceFor(placeId: string): LevelChoice | undefined
}

/** Reads all that a person chose. */
export async function levelsFor(db: Db, userId: string, now = new Date()): Promise<LevelsOf> {
  const chosen = new Map((await listChoices(db, userId)).map((choice) => [choice.placeId, choice]))
  const choiceFor = (id: string) => chosen.get(id)
  return { choiceFor, in: (place) => levelsIn(place, choiceFor, now) }
}

/** The notification levels of a user, for their pages. */
interface Notified {
  levels: LevelsByPlace
  quiet: [from: number, until: number] | undefined
}

export async function findNotified(db: Db, userId: string, now = new Date()): Promise<Notified> {
  const facts = await findQuietFacts(db, userId)
  const quiet = facts && quietTimeOf(facts, now)
  return { levels: await levelsByPlace(db, userId, now), quiet }
}

/** When nothing is shown: now, or next. */
function quietTimeOf(person: QuietFacts, now: Date): Notified["quiet"] {
  const at = now.getTime()
  if (person.presence === "doNotDisturb") return [at, at + dayMs]

  const clock = person.zone === undefined ? utc : new Clock(person.zone)
  return nextQuiet(person, now, clock)
}

async function levelsByPlace(db: Db, userId: string, now: Date): Promise<LevelsByPlace> {
  const choices = await listChoices(db, userId)
  if (choices.length === 0) return {}

  const chosen = new Map(choices.map((choice) => [choice.placeId, choice]))
  const at = (place: NotifiedPlace) => levelsIn(place, (id) => chosen.get(id), now)
  const servers = choices.filter(({ place }) => place === "server")
  const channels = await listChosenPlaces(db, userId)
  return Object.fromEntries([
    [account, at(nowhere)],
    ["conversations", at({ ...nowhere, isConversation: true })],
    ...servers.map(({ placeId }) => [placeId, at({ ...nowhere, serverId: placeId })]),
    ...channels.map((place) => [place.channelId, at(place)]),
  ])
}
