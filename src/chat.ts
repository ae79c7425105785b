import { Caretaker } from "./cluster/caretaker.ts"
import type { ChatNode } from "./cluster/chat-node.ts"
import { createServices, type ServicesOptions } from "./create-services.ts"
import { features } from "./features/index.ts"
import { accessRevoked } from "./features/permissions/access.ts"
import { mayListen } from "./features/permissions/listen.ts"
import type { Services } from "./features/services.ts"
import { joinCluster } from "./join-cluster.ts"
import type { Grant, Params } from "./kernel/index.ts"
import {
  registerBusMetrics,
  registerChatMetrics,
  registerRemoteSidekickMetrics,
} from "./observability/metrics.ts"
import { Readiness } from "./observability/readiness.ts"
import { sidekickEndpoint } from "./sidekick/endpoint.ts"
import { RemoteSidekick } from "./sidekick/remote-sidekick.ts"

/** The chat without its pages: the contract implemented on a database, with live connections in this process. */
export interface Chat extends Services {
  readiness: Readiness
  /** Connections at a sidekick of its own, where one is configured. */
  service: ReturnType<typeof createSidekickService> | undefined
  /** Connects this process with others, where it is one of several. */
  node: ChatNode | undefined
  /** Starts the background work. */
  start(): void
  /** Ends the background work. */
  close(): void
  /** Tells other processes that this one ends, after everything that it has announced. Call it after `close`. */
  leave(): Promise<void>
}

export function createChat(options: ServicesOptions): Chat {
  const { config, cluster, database, log } = options
  const remote = config.sidekick && new RemoteSidekick({ ...config.sidekick, log })
  const caretaker = new Caretaker({
    lock: cluster?.dutyLock ?? null,
    log,
    start: () => workers.start(),
    stop: () => workers.stop(),
  })
  const services = createServices({ ...options, remote, isOnDuty: () => caretaker.isOn })
  const { access, server, sidekick, workers, metrics, commits } = services
  const node = cluster && joinCluster(services, cluster)
  for (const feature of Object.values(features)) {
    if ("handlers" in feature) server.defineSlice(feature.handlers)
  }
  server.assertAllDefined()

  let closing: Promise<void> | undefined
  const processMessage = observeMessages(services)
  sidekick.setServerCallback(processMessage)
  sidekick.setLogCallback(async (channelName, params, after) => {
    const part = await server.readLog(channelName, params, after)
    // What is read may be newer than the known losses of access.
    if (cluster) await access.catchUp()
    return part
  })
  commits.onCommit = (ms, jobs) => {
    metrics.commitSeconds.observe(ms / 1000)
    metrics.commitJobs.observe(jobs)
  }
  registerChatMetrics(metrics.registry, services)
  if (remote) registerRemoteSidekickMetrics(metrics.registry, remote)
  if (cluster) registerBusMetrics(metrics.registry, cluster.bus)
  return Object.assign(services, {
    readiness: new Readiness(database),
    service: remote ? createSidekickService(services, remote, processMessage) : undefined,
    node,
    start() {
      node?.start()
      caretaker.start()
    },
    close() {
      workers.close()
      closing = caretaker.close()
    },
    async leave() {
      await Promise.all([closing, node?.close(), remote?.close()])
    },
  })
}

type ProcessMessage = Services["server"]["processChannelMessage"]

/** Processes what connections send, and measures how long a message's sender waits for the confirmation. */
function observeMessages({ server, metrics }: Services): ProcessMessage {
  return async (channelName, ...message) => {
    const startedAt = performance.now()
    const fault = await server.processChannelMessage(channelName, ...message)
    if (channelName === "chat" && !fault) {
      metrics.confirmSeconds.observe((performance.now() - startedAt) / 1000)
    }
    return fault
  }
}

/** The two ends of a sidekick that runs as a process of its own. */
function createSidekickService(
  { db, server, config }: Services,
  remote: RemoteSidekick,
  processMessage: ProcessMessage,
) {
  return {
    sidekick: remote,
    async addConnection(grant: Grant) {
      const failure = await remote.addConnection(grant)
      // An eviction may have overtaken it. Nobody was given the token yet, and nobody will be.
      const isLost = !failure && (await accessRevoked(db, grant.params, grant.context)) !== null
      return isLost ? new Error("The access was revoked meanwhile") : failure
    },
    endpoint: sidekickEndpoint({
      secret: config.sidekick?.secret ?? "",
      // An eviction may not have reached it yet, and the reference's believes where its clients say they are.
      process: async (channelName: string, params: Params, data, context) =>
        (await accessRevoked(db, params, context)) ?? processMessage(channelName, params, data, context),
      mayListen: (asked) => mayListen(db, { identity: undefined, ...asked }),
      async readLog(channelName, params, after) {
        const part = await server.readLog(channelName, params, after)
        // What is read may be newer than an eviction that is still on its way.
        return (await remote.flushed()) ? part : null
      },
    }),
  }
}
