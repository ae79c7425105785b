import type { DataVersions } from "../cache/versions.ts"
import type { Config } from "../config.ts"
import type { covenant } from "../covenant.ts"
import type { Commits, Db } from "../db/database.ts"
import type {
  ChannelDefinitions,
  ChannelMap,
  CovenantServer,
  InternalSidekick,
  ProcedureDefinition,
  ProcedureMap,
  Refusal,
  ServerToSidekickConnection,
} from "../kernel/index.ts"
import type { Logger } from "../observability/log.ts"
import type { Metrics } from "../observability/metrics.ts"
import type { Clocks } from "../web/clocks.ts"
import type { Broadcaster } from "../web/live/broadcaster.ts"
import type { OpenConnections } from "../web/live/open-connections.ts"
import type { PageCache } from "../web/page-cache.ts"
import type { PublicFetch } from "../web/public-fetch.ts"
import type { ViewerStyles } from "../web/viewer-styles.ts"
import type { Auth } from "./accounts/auth.ts"
import type { Sessions, Viewer } from "./accounts/sessions.ts"
import type { FileStorage } from "./files/storage.ts"
import type { Uploads } from "./files/uploads.ts"
import type { Limits } from "./limits.ts"
import type { LookCache } from "./look/look-cache.ts"
import type { MessageHooks } from "./messages/hooks.ts"
import type { MessageCache } from "./messages/message-cache.ts"
import type { AccessFollower } from "./permissions/access-follower.ts"
import type { MembershipCache } from "./permissions/membership-cache.ts"
import type { Resource } from "./permissions/resources.ts"
import type { SenderCache } from "./permissions/senders.ts"
import type { Presence } from "./presence/presence.ts"
import type { ShownRooms } from "./presence/shown-rooms.ts"
import type { Faces } from "./profiles/faces.ts"
import type { Publisher } from "./publisher.ts"
import type { UserFeeds } from "./reading/user-feeds.ts"
import type { RoomFeeds } from "./rooms/live/feeds.ts"
import type { ListChanges } from "./rooms/live/list-changes.ts"
import type { RoomCache } from "./rooms/room-cache.tsx"
import type { SearchPace } from "./search/find.ts"
import type { WordIndex } from "./search/word-index.ts"
import type { SettingsSection } from "./settings-sections.ts"
import type { Turns } from "./turns.ts"
import type { Workers } from "./worker.ts"

/** What is known about a caller before any permission is checked. */
export interface Context {
  viewer: Viewer | null
  /** The client's IP, for limits; empty when there is no request. */
  address: string
}

/** Access to other servers. */
export interface Outside {
  fetcher: PublicFetch
  /** The time an outgoing webhook waits after this number of failures in a row; for tests. */
  waitMs?(failures: number): number
}

/** Everything that handlers, pages and workers share. */
export interface Services {
  db: Db
  commits: Commits
  /** Commits changes of logs and the end of access, and announces them. */
  publisher: Publisher
  config: Config
  metrics: Metrics
  auth: () => Promise<Auth>
  /** Ends the access of connections in this process. */
  access: AccessFollower
  /** Where the connections of programs are granted; `undefined` where that is this process alone. */
  programs: Pick<ServerToSidekickConnection, "addConnection"> | undefined
  sessions: Sessions
  memberships: MembershipCache
  /** How users show in channels. */
  faces: Faces
  /** What users may do where they send. */
  senders: SenderCache
  turns: Turns
  limits: Limits
  /** The live connections of this process. */
  connections: OpenConnections
  /** How the instance presents itself. */
  look: LookCache
  words: WordIndex
  searchPace: SearchPace
  presence: Presence
  /** Background work of the features. */
  workers: Workers
  /** Access to other servers. */
  outside: Outside
  /** Stores the bytes of files and images. */
  storage: FileStorage
  /** Receives uploaded files. */
  uploads: Uploads
  /** The hooks of all features. */
  messageHooks: MessageHooks[]
  /** The sections of a server's settings, in order. */
  settingsSections: SettingsSection[]
  server: CovenantServer<(typeof covenant)["procedures"], (typeof covenant)["channels"], Context, Derived>
  sidekick: InternalSidekick
  messageCache: MessageCache
  pageCache: PageCache
  roomCache: RoomCache
  /** Sends to the WebSockets of pages. */
  broadcaster: Broadcaster
  clocks: Clocks
  viewerStyles: ViewerStyles
  roomFeeds: RoomFeeds
  /** When the lists around rooms have changed. */
  listChanges: ListChanges
  /** The channels that people have on their screens. */
  shownRooms: ShownRooms
  userFeeds: UserFeeds
  log: Logger
  /** The last unexpected errors of this process, newest first. */
  failures: readonly { at: Date; where: string; message: string }[]
  startedAt: Date
  /** The versions of the stored data that caches depend on. */
  dataVersions: DataVersions
  /** Logs an unexpected error; returns the refusal to respond with. */
  report(error: unknown, where: string, request?: Request): Refusal
}

/** What the kernel passes to every handler: the services, and the caller. */
export interface Derived extends Services {
  /** The signed-in user of this call. Fails: 401. */
  requireAuth(): Viewer
}

/** The implementation of a feature's slice of the contract. */
export type Procedures<P extends ProcedureMap> = {
  [Name in keyof P]: NamingResources<ProcedureDefinition<P[Name], Context, Derived>>
}
/** A procedure whose resources are created by `resource`, and so have a permission rule. */
type NamingResources<Definition extends ProcedureDefinition<never, Context, Derived>> = Omit<
  Definition,
  "resources"
> & {
  resources?(...args: Parameters<NonNullable<Definition["resources"]>>): Resource[]
}
export type Channels<C extends ChannelMap> = ChannelDefinitions<C, Context, Derived>
