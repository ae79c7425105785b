import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { baseline, chat, startChatRoom, startRooms, stopAll } from "../contenders.ts"
import { buildLoad, canMeasure } from "../load.ts"
import { median } from "../run.ts"
import { installPeers } from "../servers.ts"
import type { Cost, CostPair } from "./cost.ts"
import { startPairs } from "./pairs.ts"

/** Recorded ratios by the name of their pair: the lower of two runs. */
const recorded: Record<string, number> = JSON.parse(
  readFileSync(join(import.meta.dir, "recorded.json"), "utf8"),
)

const sockets = 300
/** The room is one of a large server: none of the figures may depend on who is not connected. */
const members = 10_000
const withPush = 1000
const rounds = 3
/** A finding is not judged when the servers waited longer than this share of the time for their core. */
const maxWaited = 0.25
/** A finding is not judged when the peer's slowest round took this many times its fastest. */
const maxSpread = 1.6

interface Finding {
  /** The peer's cost divided by the chat's: higher is better. `null` when nothing was measured. */
  ratio: number | null
  /** Why the machine was too busy to judge the ratio; otherwise `null`. */
  unfit: string | null
}

/**
 * Prints the most important ratios beside the recorded ones, in under a minute. Most of them compare processor time,
 * which other programs hardly influence. Resolves to `false` only when a ratio fell below half of the recorded one in
 * two measurements on a machine that was quiet enough to judge.
 */
export async function smoke(): Promise<boolean> {
  if (!canMeasure()) {
    process.stdout.write("Nothing was measured: this needs Linux, Node and a C compiler.\n")
    return true
  }
  buildLoad()
  await installPeers()
  const folder = mkdtempSync(join(tmpdir(), "covenant-smoke-"))
  const rooms = {
    [chat]: await startChatRoom(folder, members, withPush),
    ...(await startRooms(folder, sockets, [baseline])),
  }
  const { pairs, close } = await startPairs(folder, rooms)
  try {
    const names = Object.keys(pairs)
    // Warms up: the first load compiles code.
    for (const pair of Object.values(pairs)) await measureBoth(pair)
    const findings = await measurePairs(pairs, names)
    const suspects = names.filter((name) => hasCollapsed(name, findings[name]))
    if (suspects.length > 0) process.stdout.write(`Measuring again: ${suspects.join("; ")}\n`)
    const second = await measurePairs(pairs, suspects)
    return names.map((name) => report(name, second[name] ?? findings[name])).every(Boolean)
  } finally {
    close()
    stopAll(rooms)
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Samples {
  chat: Cost[]
  peer: Cost[]
  failure: string
}

/** Measures in turns (A B A B …), so that other load on the machine affects all alike. */
async function measurePairs(
  pairs: Record<string, CostPair>,
  names: string[],
): Promise<Record<string, Finding>> {
  const samples = new Map<string, Samples>(names.map((name) => [name, { chat: [], peer: [], failure: "" }]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, collected] of samples) {
      const costs = await measureBoth(pairs[name] as CostPair)
      if (typeof costs === "string") collected.failure = costs
      else {
        collected.chat.push(costs.chat)
        collected.peer.push(costs.peer)
      }
    }
  }
  return Object.fromEntries([...samples].map(([name, collected]) => [name, findingOf(collected)]))
}

/** Resolves to a text when the run had errors: tests look for lost messages, a busy machine may cause them here. */
async function measureBoth({ chat, peer }: CostPair): Promise<{ chat: Cost; peer: Cost } | string> {
  try {
    return { chat: await chat(), peer: await peer() }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function findingOf({ chat, peer, failure }: Samples): Finding {
  if (failure) return { ratio: null, unfit: failure }

  const costs = (side: Cost[]) => side.map(({ cost }) => cost)
  const ratio = (median(costs(peer)) ?? 0) / (median(costs(chat)) ?? 1)
  const waited = median([...chat, ...peer].map((cost) => cost.waited)) ?? 0
  const spread = Math.max(...costs(peer)) / Math.min(...costs(peer))
  if (waited > maxWaited)
    return { ratio, unfit: `the servers waited ${Math.round(waited * 100)} % of the time for their core` }
  if (spread > maxSpread)
    return { ratio, unfit: `the peer's rounds differ by a factor of ${spread.toFixed(1)}` }
  return { ratio, unfit: null }
}

function hasCollapsed(name: string, finding: Finding | undefined): boolean {
  if (!finding || finding.ratio === null || finding.unfit) return false
  return finding.ratio < (recorded[name] ?? 0) / 2
}

/** Prints a finding and returns whether it is acceptable. */
function report(name: string, finding: Finding | undefined): boolean {
  const collapsed = hasCollapsed(name, finding)
  const { ratio = null, unfit = null } = finding ?? {}
  const figures = `${ratio?.toFixed(2) ?? "not measured"} (recorded ${recorded[name] ?? "never"})`
  const doubt = unfit ? `, not judged: ${unfit}` : ""
  process.stdout.write(`${collapsed ? "COLLAPSED" : "ok"}  ${name}: ${figures}${doubt}\n`)
  return !collapsed
}
