import type { Database as Sqlite, Statement } from "bun:sqlite"
import type { DataVersions } from "../../cache/versions.ts"

/** Which changes of rows a data version counts, by table: insertions, deletions and this update. */
type CountedChanges = Record<string, "update" | `update of ${string}`>

/**
 * The tables that each data version counts. A cached value that is read from another table goes stale unnoticed:
 * `tests/integration/http/data-versions.test.ts` fails then.
 */
export const countedChanges = {
  directory: {
    users: "update of username, bot_owner_id, display_name, avatar_version, presence",
    servers: "update",
    server_members: "update",
    profiles: "update",
    channels:
      "update of server_id, parent_id, root_id, name, category_id, position, topic, slow_mode_seconds, locked_at, archived_at",
    roles: "update",
    member_roles: "update",
    channel_overwrites: "update",
    category_overwrites: "update",
    categories: "update",
    collapsed_categories: "update",
    join_settings: "update",
    server_transfers: "update",
    automod_rules: "update",
  },
  unread: {
    // Stands for the table `messages` too: no message changes without the `seq` of its channel.
    channels: "update of seq, message_count",
    read_positions: "update",
    mentions: "update",
    notification_levels: "update",
    notification_settings: "update",
    user_settings: "update",
    blocks: "update",
    reports: "update",
    inbox_items: "update",
    thread_follows: "update",
  },
} satisfies Record<string, CountedChanges>

type Counts = Record<"all" | keyof typeof countedChanges, number>

/**
 * Counts rows changed by the writing connection with triggers, which no writer can forget, and commits of other
 * programs with SQLite's `data_version` (sqlite.org/pragma.html#pragma_data_version). Reading that takes locks, so it
 * is read once in a turn of the event loop: requests of one turn may be answered as of its first.
 */
export class SqliteVersions implements DataVersions {
  readonly #counts: Statement<Counts, []>
  readonly #dataVersion: Statement<{ data_version: number }, []>
  #committed: Counts
  #others: number | undefined

  constructor(sqlite: Sqlite) {
    // Temporary tables and triggers belong to this connection alone; this keeps them in memory.
    sqlite.run("pragma temp_store = memory")
    sqlite.run("create temp table counts (directory integer not null, unread integer not null)")
    sqlite.run("insert into counts values (0, 0)")
    for (const [count, tables] of Object.entries(countedChanges)) {
      for (const [table, update] of Object.entries(tables)) {
        for (const change of ["insert", update, "delete"]) sqlite.run(counting(count, table, change))
      }
    }
    this.#counts = sqlite.prepare(`select total_changes() as "all", directory, unread from temp.counts`)
    this.#dataVersion = sqlite.prepare("pragma data_version")
    this.#committed = this.#read()
  }

  /** Takes the counts of a commit over once readers see what it wrote, not before. */
  committed(): void {
    this.#committed = this.#read()
  }

  get all(): string {
    return `all:${this.#committed.all}/${this.#readOthers()}`
  }

  get directory(): string {
    return `directory:${this.#committed.directory}/${this.#readOthers()}`
  }

  get unread(): string {
    const { directory, unread } = this.#committed
    return `unread:${directory}.${unread}/${this.#readOthers()}`
  }

  #read(): Counts {
    const counts = this.#counts.get()
    if (!counts) throw new Error("The table of counts has no row")
    return counts
  }

  /** How often other programs have committed. */
  #readOthers(): number | undefined {
    if (this.#others === undefined) {
      this.#others = this.#dataVersion.get()?.data_version
      setImmediate(() => {
        this.#others = undefined
      })
    }
    return this.#others
  }
}

function counting(count: string, table: string, change: string): string {
  const name = `${count}_${table}_${change.split(" ")[0]}`
  return `create temp trigger ${name} after ${change} on main.${table} begin update counts set ${count} = ${count} + 1; end`
}
