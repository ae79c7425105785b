import type { DataVersions } from "../../cache/versions.ts"
import type { Noted } from "../database.ts"

/**
 * Versions of the data as one node knows them: moved by its own commits, and by what other nodes announce. Between a
 * commit of another node and its announcement, this node's caches are a few milliseconds old.
 */
export class PostgresVersions implements DataVersions {
  #all = 0
  #directory = 0
  #unread = 0
  #isDistrusted = false

  get all(): string {
    return this.#version("all", () => this.#all)
  }

  get directory(): string {
    return this.#version("directory", () => this.#directory)
  }

  /** Includes the directory. */
  get unread(): string {
    return this.#version("unread", () => this.#unread)
  }

  /** Called with each commit of this node, for telling the others. */
  onCommit: (changed: Noted) => void = () => {}

  /** Something was committed here. */
  committed(changed: Noted): void {
    this.move(changed)
    this.onCommit(changed)
  }

  /** Something was committed, here or on another node. */
  move(changed: Noted): void {
    this.#all++
    if (changed !== "nothing") this.#unread++
    if (changed === "directory") this.#directory++
  }

  /** While announcements of other nodes may be missing, no two versions are equal, so that nothing cached is used. */
  distrust(isDistrusted: boolean): void {
    if (this.#isDistrusted && !isDistrusted) this.move("directory")
    this.#isDistrusted = isDistrusted
  }

  #version(name: string, count: () => number): string {
    if (this.#isDistrusted) this.move("directory")
    return `${name}:${count()}`
  }
}
