import { spawnSync } from "node:child_process"
import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"

/** Where Debian and Ubuntu put Postgres: a folder for each major version. */
const postgresVersions = "/usr/lib/postgresql"
const postgresPackages = ["postgresql", "redis-server"]

/** The path of one of Postgres' programs, such as `initdb`, of the newest version; `undefined` when not installed. */
export function findPostgresProgram(name: string): string | undefined {
  const versions = existsSync(postgresVersions) ? readdirSync(postgresVersions) : []
  const newestFirst = versions.toSorted((one, other) => Number(other) - Number(one))
  const paths = newestFirst.map((version) => join(postgresVersions, version, "bin", name))
  return paths.find((path) => existsSync(path)) ?? Bun.which(name) ?? undefined
}

/** The path of Redis' server; `undefined` when not installed. */
export function findRedisServer(): string | undefined {
  return Bun.which("redis-server") ?? undefined
}

/** Are both Postgres and Redis installed on this machine? */
export function hasServices(): boolean {
  return findPostgresProgram("initdb") !== undefined && findRedisServer() !== undefined
}

/** Installs Postgres and Redis from Debian's packages, as root. Returns whether both are installed now. */
export function installServices(): boolean {
  if (hasServices()) return true

  const isDebian = existsSync("/usr/bin/apt-get") && process.getuid?.() === 0
  if (isDebian) {
    run("apt-get", ["update", "-qq"])
    run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...postgresPackages])
  }
  return hasServices()
}

function run(command: string, args: string[]): void {
  process.stderr.write(`$ ${command} ${args.join(" ")}\n`)
  // `policy-rc.d` is not asked for in a container, but elsewhere the packages would start servers of their own.
  const environment = {
    PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
    DEBIAN_FRONTEND: "noninteractive",
    RUNLEVEL: "1",
  }
  spawnSync(command, args, { stdio: ["ignore", "ignore", "inherit"], env: environment })
}
