import type { SidekickFrame } from "../../../src/kernel/index.ts"
import type { createChat } from "./support.ts"

/** A raw client and the frames it received. */
export function createWire(
  { sidekick }: Pick<ReturnType<typeof createChat>, "sidekick">,
  identity?: unknown,
) {
  const wire = sidekick.getConnectionFromClient(identity)
  const frames: SidekickFrame[] = []
  wire.onMessage((frame) => void frames.push(frame))
  const types = () => frames.map(({ type }) => type)

  return { wire, frames, types }
}
