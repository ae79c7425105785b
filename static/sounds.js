import { byId } from "./elements.js"
import { on } from "./events.js"
import { StoredValue } from "./storage.js"

/** @import { OpenRoom } from "./room.js" */
/** @import { PageEvents } from "./events.js" */
/** @typedef {PageEvents["reading:news"]} SoundingNews */

/** The shortest time between two sounds. */
const pauseMs = 1000
/** Time for other tabs to say that they are looked at, and a random part that decides which tab is first. */
const waitMs = 200
const jitterMs = 300

const [attack, decay, loudness] = [0.01, 0.35, 0.08]
/** In hertz; a rising step for mentions. Source: equal temperament, C5, E5 and B5. */
const tones = { mentions: [659.25, 987.77], all: [523.25] }

/** Plays short tones, synthesized: there is nothing to load. */
export class Chime {
  /** @type {AudioContext | undefined} */
  #audio

  /** @param {keyof typeof tones} kind */
  play(kind) {
    // Browsers block sound before the first interaction.
    if (navigator.userActivation?.hasBeenActive === false) return

    const audio = this.#audio ?? new AudioContext()
    this.#audio = audio
    audio.resume()
    for (const [i, frequency] of tones[kind].entries())
      playTone(audio, frequency, audio.currentTime + i * 0.12)
  }
}

/**
 * @param {AudioContext} audio
 * @param {number} frequency
 * @param {number} from
 */
function playTone(audio, frequency, from) {
  const [tone, volume] = [audio.createOscillator(), audio.createGain()]
  tone.frequency.value = frequency
  volume.gain.setValueAtTime(0, from)
  volume.gain.linearRampToValueAtTime(loudness, from + attack)
  volume.gain.exponentialRampToValueAtTime(0.0001, from + decay)
  tone.connect(volume).connect(audio.destination)
  tone.start(from)
  tone.stop(from + decay)
}

/**
 * Sounds for new messages that nobody looks at. Several tabs learn of one message. Through storage, a tab that is looked at
 * tells the others, and only one of them plays.
 */
export class MessageSounds {
  #channelId
  #chime
  #looked = new StoredValue("looked", { at: 0, channel: "" })
  #played = new StoredValue("sounded", 0)

  /**
   * @param {OpenRoom} room
   * @param {Chime} chime
   */
  constructor({ channelId }, chime) {
    this.#channelId = channelId
    this.#chime = chime
    on("reading:news", (news) => {
      if (isLookedAt()) this.#looked.value = { at: Date.now(), channel: this.#channelId }
      if (isWanted(news)) setTimeout(() => this.#play(news), waitMs + Math.random() * jitterMs)
    })
  }

  /** @param {SoundingNews} news */
  #play({ channelId, isForViewer }) {
    this.#looked.reload()
    this.#played.reload()
    const isLooking = Date.now() - this.#looked.value.at < pauseMs + waitMs + jitterMs
    // A mention sounds also while another channel is looked at.
    if (isLooking && (!isForViewer || this.#looked.value.channel === channelId)) return
    if (Date.now() - this.#played.value < pauseMs) return

    this.#played.value = Date.now()
    this.#chime.play(isForViewer ? "mentions" : "all")
  }
}

function isLookedAt() {
  return !document.hidden && document.hasFocus() && byId("jump").hidden
}

/** @param {SoundingNews} news */
function isWanted({ isForViewer }) {
  const setting = document.documentElement.dataset.sounds ?? "mentions"
  return setting === "all" || (setting === "mentions" && isForViewer)
}
