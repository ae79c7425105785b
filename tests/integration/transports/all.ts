import { direct } from "./direct.ts"
import { events } from "./events.ts"
import { lines } from "./lines.ts"
import { network } from "./network.ts"
import { published } from "./published.ts"
import { socket } from "./socket.ts"
import { stream } from "./stream.ts"

/** Every way to read a room live. */
export const transports = [direct, published, network, socket, events, stream, lines]
