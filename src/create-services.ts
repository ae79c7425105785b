import { once } from "./cache/once.ts"
import { announceOn } from "./cluster/announcements.ts"
import { announceAccessOn, wakeNodeOnDuty } from "./cluster/chat-node.ts"
import type { Cluster } from "./cluster/cluster.ts"
import { maxLagMs } from "./cluster/redis-bus.ts"
import type { Config } from "./config.ts"
import { covenant } from "./covenant.ts"
import type { Database } from "./db/database.ts"
import { byDialect } from "./db/dialect.ts"
import { findDeletion } from "./features/account-deletions/store.ts"
import type { Auth } from "./features/accounts/auth.ts"
import { findOpenSession } from "./features/accounts/open-session.ts"
import { sessionRenewals } from "./features/accounts/session-renewals.ts"
import { Sessions } from "./features/accounts/sessions.ts"
import { findDismissed } from "./features/announcements/store.ts"
import { blocksVersion } from "./features/blocks/styles.ts"
import { openBotToken } from "./features/bots/tokens.ts"
import type { Feature } from "./features/feature.ts"
import { createStorage } from "./features/files/storage.ts"
import { Uploads } from "./features/files/uploads.ts"
import { countInbox } from "./features/inbox/store.ts"
import { features } from "./features/index.ts"
import { Limits } from "./features/limits.ts"
import { LookCache } from "./features/look/look-cache.ts"
import type { Message } from "./features/messages/contract.ts"
import { MessageCache } from "./features/messages/message-cache.ts"
import { listTold } from "./features/notifications/told.ts"
import { AccessFollower } from "./features/permissions/access-follower.ts"
import { isAdministrator } from "./features/permissions/administrators.ts"
import { Evictions } from "./features/permissions/evictions.ts"
import { mayListen } from "./features/permissions/listen.ts"
import { MembershipCache } from "./features/permissions/membership-cache.ts"
import { refuseBots, requireSignedIn } from "./features/permissions/require.ts"
import { resource } from "./features/permissions/resources.ts"
import { SenderCache } from "./features/permissions/senders.ts"
import { announceStatuses } from "./features/presence/announce.ts"
import { Presence, type StatusChange } from "./features/presence/presence.ts"
import { ShownRooms } from "./features/presence/shown-rooms.ts"
import { Faces, personalFace } from "./features/profiles/faces.ts"
import { findPersonal } from "./features/profiles/store.ts"
import { Publisher } from "./features/publisher.ts"
import { UserFeeds } from "./features/reading/user-feeds.ts"
import { RoomFeeds } from "./features/rooms/live/feeds.ts"
import { ListChanges } from "./features/rooms/live/list-changes.ts"
import { RoomCache } from "./features/rooms/room-cache.tsx"
import { defaultPace, type SearchPace } from "./features/search/find.ts"
import { postgresWords } from "./features/search/index-postgres.ts"
import { sqliteWords } from "./features/search/index-sqlite.ts"
import type { Derived, Outside, Services } from "./features/services.ts"
import { findSettings } from "./features/settings/store.ts"
import { Turns } from "./features/turns.ts"
import { Workers } from "./features/worker.ts"
import { grantsOfOtherNodes, guardConnections, localPoster, shareGrants } from "./join-cluster.ts"
import { CovenantServer, InternalSidekick, topicOf } from "./kernel/index.ts"
import type { Logger } from "./observability/log.ts"
import { createMetrics } from "./observability/metrics.ts"
import { createErrorReporter, type RecentFailure } from "./observability/unexpected.ts"
import { fanOut } from "./sidekick/fan-out.ts"
import type { RemoteSidekick } from "./sidekick/remote-sidekick.ts"
import { clientIp } from "./web/call.ts"
import { Clocks } from "./web/clocks.ts"
import { Broadcaster } from "./web/live/broadcaster.ts"
import { OpenConnections } from "./web/live/open-connections.ts"
import { PageCache } from "./web/page-cache.ts"
import { PublicFetch } from "./web/public-fetch.ts"
import { ViewerStyles } from "./web/viewer-styles.ts"

/** What the kernel reports when a connection cannot be opened at a sidekick of its own. */
const toSidekick = "sidekick addConnection"

export interface ServicesOptions {
  config: Config
  database: Database
  log: Logger
  /** What connects this process with others on the same database. Without it, this is the only one. */
  cluster?: Cluster
  /** How other servers are reached. */
  outside?: Partial<Outside>
  /** How much one search may do before it says how far it got. */
  searchPace?: SearchPace
}

interface Sidekicks {
  /** A sidekick that runs as a process of its own. */
  remote: RemoteSidekick | null
  /** Whether this process is on duty, see `Worker`. */
  isOnDuty(): boolean
}

/** Makes everything that handlers, pages and workers share, once. */
export function createServices({
  config,
  database,
  log,
  cluster,
  remote,
  isOnDuty,
  outside,
  searchPace = defaultPace,
}: ServicesOptions & Sidekicks): Services {
  const { db, commits, dataVersions } = database
  const failures: RecentFailure[] = []
  const report = createErrorReporter(log, failures)
  const reportFeed = (error: unknown) => void report(error, "a feed")
  const metrics = createMetrics()
  const sidekick = new InternalSidekick({
    onUnexpected: report,
    mayListen: (asked) => mayListen(db, asked),
    elsewhere: cluster && grantsOfOtherNodes(cluster, { db, report, access: () => access }),
  })
  const live = fanOut(sidekick, remote, cluster && announceOn(cluster.bus))
  const storage = createStorage(config.storage)
  const broadcaster = new Broadcaster()
  const { publish } = broadcaster
  const all: Feature[] = Object.values(features)
  const limits = new Limits(
    all.flatMap((feature) => feature.limits ?? []),
    config,
    cluster?.shareLimit,
  )
  const announceChanges = (changes: StatusChange[]) => {
    // Each node announces to its own readers who is online at any of them.
    const server = cluster ? localPoster(sidekick) : services.server
    // A sidekick of its own has readers that are not known here.
    const hasPrograms = (channelId: string) =>
      remote !== null || sidekick.hasConnections(topicOf("presence", { channelId }))
    const rooms = services.roomFeeds.open
    announceStatuses({ db, rooms, server, hasPrograms }, changes).catch((error) => report(error, "presence"))
  }
  const sharedPresence = cluster?.sharePresence(announceChanges)
  const presence = new Presence(
    (changes) => (sharedPresence ? sharedPresence.changeOwn(changes) : announceChanges(changes)),
    { others: sharedPresence },
  )
  const shownRooms: ShownRooms = new ShownRooms(
    cluster?.shareShownRooms((rooms) => shownRooms.whichHere(rooms)),
  )
  const messageCache = new MessageCache()
  const faces = new Faces(db, dataVersions)
  const roomCache = new RoomCache({ db, dataVersions, faces, presence })
  const look = new LookCache({ db, report: (error) => report(error, "the look") })

  const sessions = new Sessions({
    auth: () => services.auth(),
    async openSession(credential) {
      const session = await findOpenSession(db, config, credential, Date.now())
      if (session?.isDue) services.workers.get(sessionRenewals).add(session.id)
      return session
    },
    openBot: (token) => openBotToken(db, commits, token),
    personalOf: async (userId) => ({
      ...personalFace(await findPersonal(db, userId)),
      blocks: await blocksVersion(db, userId),
      settings: await findSettings(db, userId),
      deletionAt: (await findDeletion(db, userId))?.dueAt,
      mayNotCreateServers: look.current.keepsServers && !(await isAdministrator(db, userId)),
      // Nobody has dismissed what is not announced.
      dismissedAnnouncement: look.current.announcement ? await findDismissed(db, userId) : undefined,
    }),
  })

  // Sessions are cached with what depends on it.
  look.subscribe(() => sessions.clear())

  const evictions = new Evictions(live, sessions)
  const access = new AccessFollower({
    db,
    end(ended) {
      evictions.end(ended)
      services.userFeeds.end(ended)
    },
    endAll() {
      cluster?.versions.move("directory")
      sessions.clear()
      sidekick.evict({}, { code: 503, message: "Connect again" })
    },
  })

  // SQLite answers at once: nothing can end between reading a right and opening the connection.
  const isAnsweredLater = "url" in config.database
  const connection = isAnsweredLater ? guardConnections(live, { db, access, isAlone: !cluster }) : live
  const server: Services["server"] = new CovenantServer(covenant, {
    sidekickConnection: connection,
    // A sidekick that cannot be reached has been written down already, once.
    onUnexpected: (error, where, request) =>
      where === toSidekick ? undefined : report(error, where, request),
    contextGenerator: async ({ request }) => ({
      viewer: await services.sessions.find(request.headers),
      address: clientIp(request),
    }),
    authorize: ({ procedure, ctx }) => refuseBots(procedure, ctx.viewer),
    // The services themselves by inheritance, since copying them would cost more than most calls.
    derivation: ({ ctx }): Derived =>
      Object.assign(Object.create(services), {
        requireAuth: () => requireSignedIn(ctx.viewer),
      }),
  })

  const services: Services = {
    ...{ db, commits, dataVersions, config, log, report, metrics, server, sidekick, storage, presence },
    ...{ messageCache, roomCache, faces, shownRooms, broadcaster, access, failures, look },
    startedAt: new Date(),
    programs: cluster && shareGrants(connection, cluster),
    outside: { fetcher: new PublicFetch(), ...outside },
    auth: loadOnce(config, database),
    sessions,
    limits,
    connections: new OpenConnections(
      { ...config.connections, limitsFrames: config.messageLimit !== null },
      metrics.connectionLimits,
    ),
    words: byDialect(db, { sqlite: sqliteWords, postgres: postgresWords }),
    searchPace,
    memberships: new MembershipCache(db, dataVersions),
    senders: new SenderCache(db, dataVersions, cluster === undefined),
    turns: new Turns(),
    pageCache: new PageCache(() => `${dataVersions.all} presence:${presence.version}`),
    uploads: new Uploads({ db, commits, storage, config, limits }),
    clocks: new Clocks(),
    viewerStyles: new ViewerStyles(all.flatMap((feature) => feature.viewerStyles ?? [])),
    roomFeeds: new RoomFeeds({
      ...{ db, roomCache, sidekick, presence, metrics, publish },
      report: reportFeed,
      // What is read may be newer than the known losses of access.
      beforeDelivery: cluster && (() => access.catchUp()),
    }),
    listChanges: new ListChanges(sidekick, cluster && { maxLagMs }),
    userFeeds: new UserFeeds({
      ...{ db, dataVersions, sidekick, look, presence, publish, report: reportFeed },
      countInbox: (userId) => countInbox(db, userId),
      listTold: (userId) => listTold(db, userId),
    }),
    workers: new Workers(report, cluster && { isOn: isOnDuty, wakeOther: () => wakeNodeOnDuty(cluster) }),
    messageHooks: [],
    settingsSections: all
      .flatMap((feature) => feature.settingsSections ?? [])
      .sort((a, b) => a.order - b.order),
    publisher: new Publisher({
      commits,
      access,
      announce: (message) => announce(services, message),
      announceAccess: cluster && announceAccessOn(cluster),
    }),
  }
  services.workers.create(
    all.flatMap(({ workers = [] }) => workers),
    services,
  )
  services.messageHooks.push(
    ...all.flatMap(({ hooks = [] }) => (typeof hooks === "function" ? hooks(services) : hooks)),
  )
  return services
}

/** Tells everyone who reads a channel of a stored change of its log, and then the workers. */
async function announce({ server, metrics, commits, workers }: Services, message: Message): Promise<void> {
  const { serverId, channelId } = message
  await server.postChannelMessage("chat", { serverId, channelId }, message)
  metrics.fanOutSeconds.observe((performance.now() - commits.committedAt) / 1000)
  workers.announced(message)
  await server.updateResources([resource.messages(channelId)])
}

/** Loading better-auth takes as long as half of the start, and some 25 MB: the first sign-up or renewal of a session waits for it. */
function loadOnce(config: Config, database: Database): () => Promise<Auth> {
  return once(() =>
    import("./features/accounts/auth.ts").then(({ createAuth }) => createAuth(database, config)),
  )
}
