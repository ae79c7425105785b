/**
 * Versions of the data in the database: as long as one stays the same, so does everything that was read from what it
 * counts. Caches use them as the version of their entries, so that no writer has to invalidate anything.
 */
export interface DataVersions {
  /** Everything. Each commit changes it, also one that changes nothing a reader can see. */
  readonly all: string
  /** Users, servers, their members and channels. */
  readonly directory: string
  /** The directory, and messages, mentions, blocks and how far everyone has read. */
  readonly unread: string
}
