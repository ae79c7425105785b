import { type ChannelMap, type Covenant, declareCovenant, type ProcedureMap } from "./declare.ts"

/** A part of a contract: procedures, channels, or both. */
export interface CovenantSlice {
  readonly procedures?: ProcedureMap
  readonly channels?: ChannelMap
}

/** The procedures of a slice. */
export type ProceduresIn<Slice> = Slice extends { procedures: infer P extends ProcedureMap }
  ? P
  : Record<never, never>
/** The channels of a slice. */
export type ChannelsIn<Slice> = Slice extends { channels: infer C extends ChannelMap }
  ? C
  : Record<never, never>

/**
 * Joins slices to one contract. Throws when two of them declare the same name.
 *
 * @example
 * const covenant = composeCovenant({ notes: { procedures: { getNotes } }, rooms: { channels: { room } } })
 */
export function composeCovenant<Slices extends Readonly<Record<string, CovenantSlice>>>(
  slices: Slices,
): Covenant<
  Merged<ProceduresIn<Slices[keyof Slices]>, ProcedureMap>,
  Merged<ChannelsIn<Slices[keyof Slices]>, ChannelMap>
> {
  const all = Object.values(slices)
  // The casts hold because no name is lost: `merge` throws where one would replace another.
  return declareCovenant({
    procedures: merge(all.map(({ procedures = {} }) => procedures)) as never,
    channels: merge(all.map(({ channels = {} }) => channels)) as never,
  })
}

/** One object type with the members of all types of a union. */
type Merged<Union, Map> = (Union extends unknown ? (member: Union) => void : never) extends (
  all: infer All,
) => void
  ? { [Name in keyof All]: All[Name] } extends infer Flat extends Map
    ? Flat
    : never
  : never

function merge<Declaration>(parts: Readonly<Record<string, Declaration>>[]): Record<string, Declaration> {
  const names = parts.flatMap((part) => Object.keys(part))
  const duplicates = names.filter((name, at) => names.indexOf(name) !== at)
  if (duplicates.length > 0) throw new Error(`Declared by two slices: ${duplicates.join(", ")}`)

  return Object.assign({}, ...parts)
}
