import type { AnyElysia } from "elysia"
import type { slices } from "../covenant.ts"
import type { ChannelsIn, ProceduresIn } from "../kernel/index.ts"
import type { StylesForViewer } from "../web/viewer-styles.ts"
import type { Section, SliceDocs } from "./api/doc.ts"
import type { LimitDefinition } from "./limits.ts"
import type { MessageHooks } from "./messages/hooks.ts"
import type { Channels, Procedures, Services } from "./services.ts"
import type { SettingsSection } from "./settings-sections.ts"
import type { WorkerDefinition } from "./worker.ts"

/**
 * Registers a feature: its folder's `index.ts` exports one, and `features/index.ts` lists them all. A feature with a slice
 * of the contract is a `FeatureOf` that slice.
 */
export interface Feature {
  /** Its section in the documentation of the API, which is loaded with the first request for it. */
  docs?: Section | (() => Promise<Section>)
  /** Its pages and other HTTP routes. */
  routes?: readonly ((services: Services) => AnyElysia)[]
  /** Functions that run when messages are created, edited and deleted. */
  hooks?: MessageHooks | ((services: Services) => MessageHooks)
  /** What looks different on pages for the viewer whom it concerns. */
  viewerStyles?: StylesForViewer
  /** Its sections of a server's settings. */
  settingsSections?: readonly SettingsSection[]
  /** Its rate limits. */
  limits?: readonly LimitDefinition[]
  /** Its background work. */
  workers?: readonly WorkerDefinition<Services>[]
}

/** The names of the contract's slices. */
export type SliceName = keyof typeof slices

type Slice<Name extends SliceName> = (typeof slices)[Name]

/** A feature with a slice of the contract. A missing handler or a missing documentation is a compile error. */
export interface FeatureOf<Name extends SliceName> extends Feature {
  /** The implementation of each of its procedures and channels, by name. */
  handlers: Procedures<ProceduresIn<Slice<Name>>> & Channels<ChannelsIn<Slice<Name>>>
  docs: SliceDocs<Slice<Name>> | (() => Promise<SliceDocs<Slice<Name>>>)
}
