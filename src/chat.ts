import type { Config } from "./config.ts"
import { covenant } from "./covenant.ts"
import type { Database } from "./db/open.ts"
import type { Auth } from "./features/accounts/auth.ts"
import { findOpenSession } from "./features/accounts/open-session.ts"
import { Sessions } from "./features/accounts/sessions.ts"
import { blocksVersion } from "./features/blocks/styles.ts"
import { refuseBots } from "./features/bots/policy.ts"
import { openBotToken } from "./features/bots/tokens.ts"
import { Admissions } from "./features/channels/admissions.ts"
import { findKind, listChannelsOf } from "./features/channels/store.ts"
import { Evictions } from "./features/evictions.ts"
import { createStorage } from "./features/files/storage.ts"
import { Sweeper } from "./features/files/sweeper.ts"
import { Uploads } from "./features/files/uploads.ts"
import { features } from "./features/index.ts"
import type { Message } from "./features/messages/contract.ts"
import type { MessageHooks } from "./features/messages/hooks.ts"
import { type Change, Presence } from "./features/presence/presence.ts"
import { Previews } from "./features/previews/previews.ts"
import { LinkReader } from "./features/previews/reader.ts"
import { Publisher } from "./features/publishing/publisher.ts"
import { reactionRate } from "./features/reactions/handlers.ts"
import { Activity } from "./features/reading/activity.ts"
import { mayListen } from "./features/resources.ts"
import { lostRight } from "./features/rights.ts"
import { type Pace, usualPace } from "./features/search/find.ts"
import { searchRate } from "./features/search/handlers.ts"
import { SearchIndex } from "./features/search/search-index.ts"
import type { Context, Derived, Services } from "./features/services.ts"
import { findSettings } from "./features/settings/store.ts"
import { ThreadSummaries } from "./features/threads/summaries.ts"
import { Avatars } from "./features/webhooks/avatars.ts"
import { Deliveries } from "./features/webhooks/deliveries.ts"
import { CovenantServer, type Grant, InternalSidekick, type Params } from "./kernel/index.ts"
import type { Logger } from "./observability/log.ts"
import { createMetrics, registerChatMetrics, registerRemoteSidekickMetrics } from "./observability/metrics.ts"
import { Readiness } from "./observability/readiness.ts"
import { createErrorReporter } from "./observability/unexpected.ts"
import { RateLimit } from "./rate-limit.ts"
import { sidekickEndpoint } from "./sidekick/endpoint.ts"
import { fanOut } from "./sidekick/fan-out.ts"
import { RemoteSidekick } from "./sidekick/remote-sidekick.ts"
import { clientIp } from "./web/call.ts"
import { PublicFetch } from "./web/public-fetch.ts"

/** Signs of typing taken from one person in one channel: more would not be seen. */
const typingRate = { count: 1, windowMs: 1000 }

/** What fails where a connection cannot be opened at a sidekick of its own. */
const toSidekick = "sidekick addConnection"
/** Messages taken from one webhook. Source: Discord, 5 in 2 seconds. */
const webhookRate = { count: 5, windowMs: 2000 }

interface Options {
  config: Config
  database: Database
  log: Logger
  /** How what people name by an address is reached. */
  outside?: { fetcher?: PublicFetch; waitMs?(failures: number): number }
  /** How much one search may do before it says how far it got. */
  searchPace?: Pace
}

export type Chat = ReturnType<typeof createChat>

/** The chat without its pages: the contract implemented on a database, with live connections in this process. */
export function createChat({ config, database, log, outside = {}, searchPace = usualPace }: Options) {
  const { db, commits } = database
  const report = createErrorReporter(log)
  const metrics = createMetrics()
  commits.onCommit = (ms, jobs) => {
    metrics.commitSeconds.observe(ms / 1000)
    metrics.commitJobs.observe(jobs)
  }

  // better-auth takes longer to load than all else together; nobody waits for it but who signs in meanwhile.
  let loading: Promise<Auth> | undefined
  const auth = () => {
    loading ??= import("./features/accounts/auth.ts").then(({ createAuth }) => createAuth(db, config))
    return loading
  }

  const sidekick = new InternalSidekick({ onUnexpected: report, mayListen: (asked) => mayListen(db, asked) })
  const remote = config.sidekick && new RemoteSidekick({ ...config.sidekick, log })
  const live = fanOut(sidekick, remote)
  const activity = new Activity({
    kindOf: (channelId) => findKind(db, channelId),
    tell: (serverId, told) => server.postChannelMessage("activity", { serverId }, told),
    report: (error) => void report(error, "activity"),
  })
  const publisher = new Publisher({ db, commits, announce })
  const threads = new ThreadSummaries({
    db,
    publisher,
    report: (error) => void report(error, "what is said of a thread"),
  })
  const storage = createStorage(config.storage)
  const sweeper = new Sweeper({ db, commits, storage, report })
  const fileLimit = new RateLimit(config.fileLimit)
  const { fetcher = new PublicFetch(), waitMs } = outside
  const deliveries = new Deliveries({
    db,
    commits,
    fetcher,
    report: (error) => void report(error, "an outgoing webhook"),
    waitMs,
  })
  const searchIndex = new SearchIndex({
    db,
    commits,
    report: (error) => void report(error, "the index of messages"),
  })
  const previews = new Previews({
    db,
    publisher,
    storage,
    reader: new LinkReader(fetcher),
    ownHost: config.publicOrigin && new URL(config.publicOrigin).host,
    report: (error, where) => void report(error, where),
  })
  const avatars = new Avatars({ db, commits, storage, fetcher, isOn: config.linkPreviews, report })
  const shared = {
    db,
    commits,
    publisher,
    config,
    metrics,
    auth,
    sessions: new Sessions({
      auth,
      openSession: (credential) => findOpenSession(db, config, credential, Date.now()),
      openBot: (token) => openBotToken(db, commits, token),
      personalOf: (userId) => ({ blocks: blocksVersion(db, userId), settings: findSettings(db, userId) }),
    }),
    messageLimit: new RateLimit(config.messageLimit),
    loginLimit: new RateLimit(config.loginLimit),
    typingLimit: new RateLimit(typingRate),
    webhookLimit: new RateLimit(config.messageLimit && webhookRate),
    reactionLimit: new RateLimit(config.messageLimit && reactionRate),
    searchLimit: new RateLimit(config.messageLimit && searchRate),
    searchPace,
    admissions: new Admissions(db, database.dataVersions),
    presence: new Presence((changes) => {
      announceStatuses(changes).catch((error) => report(error, "presence"))
    }),
    evictions: new Evictions(live),
    storage,
    uploads: new Uploads({ db, commits, storage, config, fileLimit }),
    messageHooks: [] as MessageHooks[],
    sweeper,
    deliveries,
    previews,
    avatars,
    searchIndex,
    async announceTyping(channelId, person) {
      await server.postChannelMessage("presence", { channelId }, { ...person, status: "typing" })
    },
  } satisfies Omit<
    Services,
    | ("server" | "sidekick" | "messageCache" | "pageCache" | "roomCache" | "clocks" | "feeds")
    | ("reading" | "log" | "report")
  >

  const server: CovenantServer<typeof covenant.procedures, typeof covenant.channels, Context, Derived> =
    new CovenantServer(covenant, {
      sidekickConnection: live,
      // A sidekick that cannot be reached has been written down already, once.
      onUnexpected: (error, where, request) =>
        where === toSidekick ? undefined : report(error, where, request),
      contextGenerator: async ({ request }) => ({
        viewer: await shared.sessions.find(request.headers),
        address: clientIp(request),
      }),
      authorize: refuseBots,
      derivation: ({ ctx, error }) =>
        ({ ...shared, requireAuth: () => ctx.viewer ?? error("Sign in first", 401) }) as unknown as Derived,
    })
  for (const { hooks } of Object.values(features)) {
    if (hooks)
      shared.messageHooks.push(typeof hooks === "function" ? hooks(shared as unknown as Services) : hooks)
  }
  const processMessage = async (channelName: string, params: Params, data: unknown, context: unknown) => {
    const startedAt = performance.now()
    const fault = await server.processChannelMessage(channelName, params, data, context)
    if (channelName === "chat" && !fault) {
      metrics.confirmSeconds.observe((performance.now() - startedAt) / 1000)
    }
    return fault
  }
  sidekick.setServerCallback(processMessage)
  sidekick.setLogCallback((channelName, params, after) => server.readLog(channelName, params, after))

  /** Tells everyone who reads a channel, and whoever is told what happens in it. */
  async function announce(message: Message): Promise<void> {
    const { serverId, channelId } = message
    deliveries.note(channelId)
    await server.postChannelMessage("chat", { serverId, channelId }, message)
    metrics.fanOutSeconds.observe((performance.now() - commits.committedAt) / 1000)
    searchIndex.note(message)
    await server.updateResources([`messages/channel/${channelId}`])
    if (message.seq !== message.position) return

    activity.note(message)
    threads.note(message)
  }

  /** Whoever shares a server with someone may see them come and go, in every channel of it that is read live. */
  async function announceStatuses(changes: Change[]): Promise<void> {
    const places = await listChannelsOf(
      db,
      changes.map(({ userId }) => userId),
    )
    for (const change of changes) {
      for (const channelId of places.get(change.userId) ?? []) {
        await server.postChannelMessage("presence", { channelId }, change)
      }
    }
  }

  for (const feature of Object.values(features)) {
    if ("handlers" in feature) server.defineSlice(feature.handlers)
  }
  server.assertAllDefined()

  const service = remote && {
    sidekick: remote,
    async addConnection(grant: Grant) {
      const failure = await remote.addConnection(grant)
      // An eviction may have overtaken it. Nobody was given the token yet, and nobody will be.
      const isLost = !failure && (await lostRight(db, grant.params, grant.context)) !== null
      return isLost ? new Error("The right to be there ended meanwhile") : failure
    },
    endpoint: sidekickEndpoint({
      secret: config.sidekick?.secret ?? "",
      // An eviction may not have reached it yet, and the reference's believes where its clients say they are.
      process: async (channelName, params, data, context) =>
        (await lostRight(db, params, context)) ?? processMessage(channelName, params, data, context),
      mayListen: (asked) => mayListen(db, { identity: undefined, ...asked }),
      async readLog(channelName, params, after) {
        const part = await server.readLog(channelName, params, after)
        // What is read may be newer than an eviction that is still on its way.
        return (await remote.flushed()) ? part : null
      },
    }),
  }

  registerChatMetrics(metrics.registry, { sidekick, ...shared })
  if (remote) registerRemoteSidekickMetrics(metrics.registry, remote)
  return {
    ...shared,
    server,
    sidekick,
    service,
    threads,
    log,
    report,
    dataVersions: database.dataVersions,
    readiness: new Readiness(database),
  }
}
