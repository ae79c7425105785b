import { channels, servers, users } from "../../drizzle/schema.ts"
import { openPostgres, type PostgresOptions } from "../../src/db/postgres/open.ts"
import { sharedPostgres } from "./services.ts"

let databases = 0
/** Its connections create and delete databases. */
let administration: Bun.SQL | undefined

/**
 * A new database of the Postgres that all tests of this process share, empty or a copy of the database `template`;
 * deleted on disposal.
 */
export async function createPostgresDatabase(template = "template1") {
  const name = await create(template)
  const { url } = await sharedPostgres()
  return {
    url: withDatabase(url, name),
    [Symbol.asyncDispose]: () => drop(name),
  }
}

async function create(template: string): Promise<string> {
  const name = `test_${++databases}`
  await administrate(`create database ${name} template ${template} strategy wal_log`)
  return name
}

const drop = (name: string) => administrate(`drop database ${name} with (force)`)

async function administrate(statement: string): Promise<void> {
  const { url } = await sharedPostgres()
  administration ??= new Bun.SQL(url, { max: 2 })
  await administration.unsafe(statement)
}

/** A database to copy, and those of its copies that wait to be used again. */
export interface Template {
  name: string
  idle: Copy[]
}

interface Copy {
  name: string
  uses: number
  /** Puts the rows back. A new connection would first have to learn all tables, which takes longer. */
  restoring: Bun.SQL
}

/** Each use leaves dead rows behind, which nobody clears away. */
const maxUses = 40

/**
 * Copies what the database holds beside its tables, so that copies of it can be used again: to put the rows back takes
 * a tenth of the time that a new database does.
 */
export async function makeTemplate(url: string): Promise<Template> {
  await execute(url, keepRows)
  const name = nameOf(url)
  // Postgres copies only what nobody uses, and connections end some moments after they were closed.
  await execute(withDatabase(url, "postgres"), endConnections(name))
  return { name, idle: [] }
}

/** A database that holds what the template does. */
export async function copyTemplate(template: Template) {
  const { url } = await sharedPostgres()
  const copy = template.idle.pop() ?? (await newCopy(url, template))
  const { name, restoring } = copy
  return {
    url: withDatabase(url, name),
    async [Symbol.asyncDispose](): Promise<void> {
      if (++copy.uses < maxUses) {
        await restoring.unsafe(endConnections(name))
        const [row] = await restoring.unsafe("select kept.restore() as is_restored")
        if (row?.is_restored) return void template.idle.push(copy)
      }
      await restoring.close()
      await drop(name)
    },
  }
}

async function newCopy(url: string, template: Template): Promise<Copy> {
  const name = await create(template.name)
  return { name, uses: 0, restoring: new Bun.SQL(withDatabase(url, name), { max: 1 }) }
}

const endConnections = (database: string) =>
  `select pg_terminate_backend(pid, 1000) from pg_stat_activity where datname = '${database}' and pid <> pg_backend_pid()`

const tables = `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`

/** A test that changes tables leaves a database that nobody else may use. */
const shape = `select coalesce(md5(string_agg(concat_ws(' ', relname, attname, atttypid), ',' order by relname, attnum)), '')
  from pg_attribute join pg_class on pg_class.oid = attrelid
  where relkind = 'r' and relnamespace = 'public'::regnamespace and attnum > 0`

const keepRows = `
drop schema if exists kept cascade;
create schema kept;
do $$
declare each record; has_rows boolean;
begin
  for each in ${tables} loop
    execute format('select exists (select 1 from public.%I)', each.name) into has_rows;
    if has_rows then execute format('create table kept.%I as table public.%I', each.name, each.name); end if;
  end loop;
end $$;
create table kept."the shape" as ${shape};
create function kept.restore() returns boolean language plpgsql as $$
declare each record;
begin
  if (table kept."the shape") <> (${shape}) then return false; end if;
  -- Without foreign keys and triggers, so that the order of the tables does not matter.
  perform set_config('session_replication_role', 'replica', true);
  for each in ${tables} loop
    execute format('delete from public.%I', each.name);
    if to_regclass(format('kept.%I', each.name)) is not null then
      execute format('insert into public.%I select * from kept.%I', each.name, each.name);
    end if;
  end loop;
  return true;
end $$`

/** Runs a statement with a connection of its own and returns its rows. */
export async function execute(url: string, statement: string): Promise<Record<string, unknown>[]> {
  await using sql = new Bun.SQL(url, { max: 1 })
  return [...(await sql.unsafe(statement))]
}

/** A new database with the user "alice", her server and its channel "general", and a node that has it open. */
export async function createPostgresNode(options: PostgresOptions = {}) {
  const { url, [Symbol.asyncDispose]: drop } = await createPostgresDatabase()
  const database = await openPostgres(url, options)
  const updatedAt = new Date()
  await database.commits.decide(async (tx) => {
    await tx
      .insert(users)
      .values({ id: "alice", username: "alice", name: "alice", email: "alice@x", updatedAt })
    await tx.insert(servers).values({ id: "lab", name: "Lab", ownerId: "alice" })
    await tx.insert(channels).values({ id: "general", serverId: "lab", name: "general" })
  })
  return {
    url,
    database,
    async [Symbol.asyncDispose]() {
      await database.close()
      await drop()
    },
  }
}

function nameOf(url: string): string {
  return new URL(url).pathname.slice(1)
}

function withDatabase(url: string, name: string): string {
  const address = new URL(url)
  address.pathname = `/${name}`
  return address.href
}
