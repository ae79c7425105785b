import { expect, test } from "bun:test"
import type { FeatureOf, SliceName } from "../../src/features/feature.ts"
import { features } from "../../src/features/index.ts"
import { pinsDocs } from "../../src/features/pins/docs.ts"
import { pinsFeature } from "../../src/features/pins/index.ts"

test("every folder with handlers, routes or hooks is in the list", async () => {
  const folders = new Set<string>()
  for await (const path of new Bun.Glob("*/{handlers,routes,hooks}.{ts,tsx}").scan({ cwd: "src/features" })) {
    folders.add(path.split("/")[0] ?? "")
  }
  // The documentation of all features stands above them.
  folders.delete("api")

  expect(Object.keys(features)).toEqual([...folders].toSorted())
})

// Never called: each line is an error the compiler must keep finding.
export function incompleteFeatures() {
  const { pinMessage, ...others } = pinsFeature.handlers
  const { unpinMessage, ...documented } = pinsDocs
  const { pins: left, ...without } = features

  // @ts-expect-error a procedure has no handler
  const unhandled: FeatureOf<"pins"> = { ...pinsFeature, handlers: others }
  const partly = async () => ({ title: "Pins", order: 1, procedures: documented })
  // @ts-expect-error a procedure is not documented
  const untold: FeatureOf<"pins"> = { ...pinsFeature, docs: partly }
  // @ts-expect-error a slice has no feature
  const missing: { [Name in SliceName]: FeatureOf<Name> } = without
  return [unhandled, untold, missing, pinMessage, unpinMessage, left]
}
