import type { Database as Sqlite } from "bun:sqlite"

/**
 * What is counted besides all changes. `places`: who and what there is, and who is where. `reading`: what is said, and
 * what of it has been read. Each with the tables it is read from, and which changes of a row count.
 */
const counted = {
  places: {
    users: "update of username, bot_owner_id",
    servers: "update",
    server_members: "update",
    channels: "update of server_id, parent_id, name",
  },
  reading: {
    // The number of a log's last change: no message changes without it.
    channels: "update of seq, message_count",
    read_positions: "update",
    mentions: "update",
    blocks: "update",
  },
}

export type Counted = "all" | keyof typeof counted

/**
 * Names a state of the whole database, or of what is counted apart in it: as long as it stays the same, so does
 * everything that was read of that. It counts rows changed by this connection, by triggers that no writer can forget,
 * and commits of others (sqlite.org/pragma.html#pragma_data_version). Those are asked for once in a turn of the event
 * loop, since it takes locks: what came in together may be answered as of the first of it.
 */
export function stampsOf(sqlite: Sqlite): (of?: Counted) => string {
  // Of this connection alone, and nowhere but in memory.
  sqlite.run("pragma temp_store = memory")
  sqlite.run("create temp table counts (places integer not null, reading integer not null)")
  sqlite.run("insert into counts values (0, 0)")
  for (const [count, tables] of Object.entries(counted)) {
    for (const [table, update] of Object.entries(tables)) {
      for (const change of ["insert", update, "delete"]) sqlite.run(counting(count, table, change))
    }
  }
  const own = sqlite.prepare<Record<Counted, number>, []>(
    `select total_changes() as "all", places, reading from temp.counts`,
  )
  const others = sqlite.prepare<{ data_version: number }, []>("pragma data_version")
  let version: number | undefined
  return (of = "all") => {
    if (version === undefined) {
      version = others.get()?.data_version
      setImmediate(() => {
        version = undefined
      })
    }
    return `${own.get()?.[of]} ${version}`
  }
}

function counting(count: string, table: string, change: string): string {
  const name = `${count}_${table}_${change.split(" ")[0]}`
  return `create temp trigger ${name} after ${change} on main.${table} begin update counts set ${count} = ${count} + 1; end`
}
