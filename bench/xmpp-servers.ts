import { Database } from "bun:sqlite"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { findFreePort } from "../src/cli/services/supervised.ts"
import { type RunningServer, running, spawn } from "./servers.ts"

/** XMPP servers with a persistent room and its archive (XEP-0045, XEP-0313), whom clients reach by WebSocket (RFC 7395). */
export interface XmppServer extends RunningServer {
  /** Where its WebSockets are. */
  path: string
}

/** By the name that says what a confirmed message survives. */
export const xmppServers: Record<string, (folder: string) => Promise<XmppServer>> = {
  "Prosody, files": (folder) => startProsody(folder, "internal"),
  "Prosody, SQLite": (folder) => startProsody(folder, "sql"),
  "ejabberd, SQLite": (folder) => startEjabberd(folder, "sql"),
  "ejabberd, Mnesia": (folder) => startEjabberd(folder, "mnesia"),
}

const packages = ["prosody", "lua-dbi-sqlite3", "ejabberd", "erlang-p1-sqlite3"]
const maxStartMs = 60_000
/** Debian's ejabberd brings the tables that it expects to find. */
const ejabberdTables = "/usr/share/ejabberd/sql/lite.sql"

/** Installs Debian's packages where they are missing. Returns whether both servers are there. */
export function installXmppServers(): boolean {
  const isThere = () =>
    Bun.which("prosody") !== null && Bun.which("ejabberdctl") !== null && Bun.which("erl") !== null
  if (isThere()) return true

  if (Bun.which("apt-get") === null || process.getuid?.() !== 0) return false
  const run = (...command: string[]) =>
    Bun.spawnSync(command, { stdout: "ignore", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } })
  run("apt-get", "update", "-qq")
  run("apt-get", "install", "-y", "-qq", "--no-install-recommends", ...packages)
  return isThere()
}

/** `internal` appends each message to a file and does not sync it; `sql` commits it to SQLite as SQLite does by itself. */
async function startProsody(folder: string, storage: "internal" | "sql"): Promise<XmppServer> {
  const port = await findFreePort()
  const file = join(folder, "prosody.cfg.lua")
  for (const name of ["data", "certs"]) mkdirSync(join(folder, name))
  writeFileSync(
    file,
    `run_as_root = true
data_path = "${folder}/data"
pidfile = "${folder}/prosody.pid"
log = { { levels = { min = "error" }, to = "file", filename = "${folder}/prosody.log" } }
modules_enabled = { "disco", "websocket", "saslauth" }
modules_disabled = { "s2s", "offline" }
c2s_ports = { }
c2s_require_encryption = false
consider_websocket_secure = true
http_ports = { ${port} }
http_interfaces = { "127.0.0.1" }
https_ports = { }
http_default_host = "localhost"
authentication = "anonymous"
storage = "${storage}"
sql = { driver = "SQLite3", database = "prosody.sqlite" }
VirtualHost "localhost"
Component "${mucHost}" "muc"
  modules_enabled = { "muc_mam" }
  muc_room_locking = false
  muc_room_default_persistent = true
  muc_log_by_default = true
`,
  )
  const child = spawn(["prosody", "--config", file, "-F"], { cwd: folder, environment: { HOME: folder } })
  return { ...(await listening(running(child, port))), path: "/xmpp-websocket" }
}

/**
 * `sql` commits each message to SQLite as SQLite does by itself. `mnesia`, the default, writes it to a table on disk and
 * does not sync it.
 */
async function startEjabberd(folder: string, storage: "sql" | "mnesia"): Promise<XmppServer> {
  const port = await findFreePort()
  const archive = join(folder, "archive.db")
  const file = join(folder, "ejabberd.yml")
  if (storage === "sql") {
    using database = new Database(archive, { create: true })
    database.run(readFileSync(ejabberdTables, "utf8"))
  }
  writeFileSync(
    file,
    `hosts: [localhost]
loglevel: error
auth_method: anonymous
anonymous_protocol: sasl_anon
allow_multiple_connections: true
default_db: ${storage}
sql_type: sqlite
sql_database: "${archive}"
listen:
  - port: ${port}
    ip: "127.0.0.1"
    module: ejabberd_http
    request_handlers: { /ws: ejabberd_http_ws }
modules:
  mod_disco: {}
  mod_mam: { default: always, db_type: ${storage} }
  mod_muc:
    host: ${mucHost}
    db_type: ${storage}
    max_users: 5000
    default_room_options: { persistent: true, mam: true, max_users: 5000 }
`,
  )
  // Without a name: a named node starts a daemon that stays. Its schedulers wait without using the processor.
  const command = [
    "erl",
    "-noinput",
    "+sbwt",
    "none",
    "-mnesia",
    "dir",
    `"${folder}/mnesia"`,
    "-s",
    "ejabberd",
  ]
  const environment = {
    HOME: folder,
    ERL_LIBS: "/usr/lib/x86_64-linux-gnu",
    EJABBERD_CONFIG_PATH: file,
    EJABBERD_LOG_PATH: join(folder, "ejabberd.log"),
  }
  const child = spawn(command, { cwd: folder, environment })
  return { ...(await listening(running(child, port))), path: "/ws" }
}

async function listening(server: RunningServer): Promise<RunningServer> {
  for (const limit = Date.now() + maxStartMs; Date.now() < limit; await Bun.sleep(50)) {
    const socket = await Bun.connect({
      hostname: "127.0.0.1",
      port: server.port,
      socket: { data() {} },
    }).catch(() => null)
    if (!socket) continue
    socket.end()
    return server
  }
  server.stop()
  throw new Error("It did not start")
}

const mucHost = "muc.localhost"
const room = `room@${mucHost}`
const opening = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='localhost' version='1.0'/>"

/** How somebody comes in: what they send, and after it the word that answers it. `%c` is their number. */
export const entering = [
  opening,
  "features>",
  "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>",
  "<success",
  opening,
  "features>",
  "<iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>",
  "</jid>",
  `<presence xmlns='jabber:client' to='${room}/p%c'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>`,
  "'110'",
]

/** Asks the archive for the last fifty messages. */
export const lastFifty = [
  `<iq xmlns='jabber:client' type='set' id='q' to='${room}'><query xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'><max>50</max><before/></set></query></iq>`,
  "<fin",
]

/** A message; `%m` is its text, `%i` its id. */
export const saying = `<message xmlns='jabber:client' to='${room}' type='groupchat' id='%i'><body>%m</body></message>`

/** In one's own message, which comes back once it is stored. */
export const ownMessage = `${mucHost}/p%c'`
