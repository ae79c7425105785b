import type { Db } from "../../db/database.ts"
import { defaultLook, type Look } from "../../web/look.ts"
import { stylesOf } from "./accent.ts"
import { findStoredLook, type StoredLook } from "./store.ts"

interface Dependencies {
  db: Db
  report(error: unknown): void
}

/** The icon's keys are `instanceicons/` and this version. */
export const iconFolder = "instanceicons"

/**
 * Keeps the look of the instance in memory, so that no page reads it. Code that changes what is stored must call `changed`
 * after its commit.
 */
export class LookCache {
  readonly #dependencies: Dependencies
  #current = defaultLook
  #styles = ""
  #accent: string | null = null
  #loading: Promise<void> = Promise.resolve()
  readonly #listeners = new Set<(look: Look) => void>()
  /** Called by `changed`, for telling other processes. */
  onChange: () => void = () => {}

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies
  }

  get current(): Look {
    return this.#current
  }

  /** The style sheet with the accent colour; empty without one. */
  get styles(): string {
    return this.#styles
  }

  /** The accent colour as `#rrggbb`; `null` for the usual one. */
  get accent(): string | null {
    return this.#accent
  }

  /** Reads the look again, here and in other processes. */
  async changed(): Promise<void> {
    await this.load()
    this.onChange()
  }

  /** Reads the look again, after what is being read now. When that fails, it stays as it was. */
  load(): Promise<void> {
    this.#loading = this.#loading.then(() => this.#read()).catch(this.#dependencies.report)
    return this.#loading
  }

  /** Calls a function whenever the look was read and has changed. Returns what ends that. */
  subscribe(listener: (look: Look) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async #read(): Promise<void> {
    const stored = await findStoredLook(this.#dependencies.db)
    const before = this.#current.version
    this.#accent = stored?.accent ?? null
    this.#styles = stored?.accent ? stylesOf(stored.accent) : ""
    this.#current = stored ? lookOf(stored, this.#styles) : defaultLook
    if (this.#current.version === before) return
    for (const listener of this.#listeners) listener(this.#current)
  }
}

function lookOf(stored: NonNullable<StoredLook>, styles: string): Look {
  const { name, iconKey, termsUrl, privacyUrl, serverCreation, announcement, announcementId } = stored
  const look = {
    name,
    iconVersion: iconKey?.slice(iconFolder.length + 1) ?? null,
    // The shades may change with a version of the program, so that they are what is hashed.
    stylesUrl: styles ? `/instance/style-${hashOf(styles)}.css` : null,
    termsUrl,
    privacyUrl,
    keepsServers: serverCreation === "administrators",
    announcement: announcementId === null ? null : { id: announcementId, text: announcement },
  }
  return { ...look, version: hashOf(JSON.stringify(look)) }
}

function hashOf(text: string): string {
  return Bun.hash(text).toString(36)
}
