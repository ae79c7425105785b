export { Backoff } from "./backoff.ts"
export {
  CovenantClient,
  type CovenantClientOptions,
  type SubscribeOptions,
} from "./client/covenant-client.ts"
export { ChannelFaultError, type Gap, GapError } from "./client/errors.ts"
export type { MessageStream } from "./client/message-stream.ts"
export type { ClientConnectResult } from "./client/server-calls.ts"
export { closeCodes } from "./close-codes.ts"
export * from "./compose.ts"
export * from "./declare.ts"
export * from "./define.ts"
export { Feed, type FeedGroup, type FeedLog, type FeedReader } from "./feed.ts"
export { inputFromFields, inputFromJson } from "./input.ts"
export type { OnUnexpected } from "./report.ts"
export {
  type ChannelFault,
  type Fault,
  faultOf,
  type Issue,
  type ProcedureError,
  type ProcedureResult,
  procedureErrorOf,
  Refusal,
  statusOf,
} from "./result.ts"
export { CovenantServer, type CovenantServerOptions } from "./server/covenant-server.ts"
export { directClientToServer } from "./server/direct.ts"
export type { MayListen } from "./sidekick/client-listening.ts"
export type { Connection, ConnectionHooks, EvictReason } from "./sidekick/connection.ts"
export { type GrantsElsewhere, tokenTtlMs } from "./sidekick/grants.ts"
export type { ServerCallback } from "./sidekick/hub.ts"
export {
  InternalSidekick,
  type InternalSidekickOptions,
  type SidekickStats,
} from "./sidekick/internal-sidekick.ts"
export type { LogCallback, ReadLog } from "./sidekick/log-topics.ts"
export type { ConnectionSelector } from "./sidekick/selector.ts"
export { type Params, resourceTopic, topicOf } from "./topic.ts"
export * from "./wire.ts"
